package dev.redrive.alert;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** Text of others, made fit to be shown in a line of a message. */
final class PlainText {

    private PlainText() {}

    /** Without control characters and without those that turn the direction of writing; cut between code points. */
    static String of(String text, int most) {
        var plain = new StringBuilder();
        int count = 0;
        for (int i = 0; i < text.length() && count < most; count++) {
            int point = text.codePointAt(i);
            plain.appendCodePoint(isPlain(point) ? point : ' ');
            i += Character.charCount(point);
            if (count + 1 == most && i < text.length()) {
                plain.append('…');
            }
        }
        return plain.toString();
    }

    private static boolean isPlain(int point) {
        boolean turns = point >= 0x202A && point <= 0x202E || point >= 0x2066 && point <= 0x2069;
        boolean breaks = point == 0x2028 || point == 0x2029;
        boolean half = point >= 0xD800 && point <= 0xDFFF;
        return !Character.isISOControl(point) && !turns && !breaks && !half;
    }

    /** @return null for what is no http or https address of ordinary length */
    static @Nullable String link(@Nullable Object value) {
        if (!(value instanceof String text) || text.length() > 1_000) {
            return null;
        }
        try {
            var uri = new URI(text);
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            return web && uri.getHost() != null ? uri.toASCIIString() : null;
        } catch (URISyntaxException noLink) {
            return null;
        }
    }
}
