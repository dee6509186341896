package dev.redrive.ingest;

import org.jspecify.annotations.Nullable;

/**
 * Text that Postgres takes and an index survives: no NUL, no half of a surrogate pair, bounded in bytes. What is cut
 * or replaced here is still in the letter's bytes.
 */
final class DerivedText {

    private static final int REPLACEMENT = 0xFFFD;

    private DerivedText() {}

    /** @param most bytes of UTF-8; the cut is between two characters */
    static @Nullable String bounded(@Nullable String text, int most) {
        if (text == null) {
            return null;
        }
        var safe = new StringBuilder(Math.min(text.length(), most));
        int bytes = 0;
        for (int at = 0; at < text.length(); ) {
            int read = text.codePointAt(at);
            int character = unstorable(read) ? REPLACEMENT : read;
            bytes += utf8(character);
            if (bytes > most) {
                break;
            }
            safe.appendCodePoint(character);
            at += Character.charCount(read);
        }
        return safe.toString();
    }

    private static boolean unstorable(int character) {
        return character == 0 || (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE);
    }

    private static int utf8(int character) {
        if (character < 0x80) {
            return 1;
        }
        if (character < 0x800) {
            return 2;
        }
        return character < 0x10000 ? 3 : 4;
    }
}
