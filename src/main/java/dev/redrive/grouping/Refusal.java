package dev.redrive.grouping;

import org.jspecify.annotations.Nullable;

/** A decoder's message that names the class of own code which the record could not become. */
final class Refusal {

    /** What comes before the name of the class, up to where it ends. */
    private enum Form {
        ENUM("No enum constant ", '\0'),
        TYPE(" of type `", '`'),
        SUBTYPE(" subtype of `", '`'),
        SIMPLE_TYPE(" subtype of [simple type, class ", ']'),
        INSTANCE("Cannot construct instance of `", '`');

        final String before;
        final char end;

        Form(String before, char end) {
            this.before = before;
            this.end = end;
        }
    }

    private static final int WORDS_CHARS = 60;

    private Refusal() {}

    /** The class, null where the message names none or one of a library. */
    static @Nullable String document(String message) {
        for (var form : Form.values()) {
            int at = message.indexOf(form.before);
            if (at >= 0) {
                String name = name(message, at + form.before.length(), form);
                boolean own =
                        name.indexOf('.') > 0 && Thrown.isTypeName(name, name.length()) && !OwnCode.isJavaLibrary(name);
                return own ? name.replace('$', '.') : null;
            }
        }
        return null;
    }

    private static String name(String message, int start, Form form) {
        int end = start;
        while (end < message.length() && end - start < 300 && !ends(message.charAt(end), form)) {
            end++;
        }
        String name = message.substring(start, end);
        return form == Form.ENUM ? name.substring(0, Math.max(0, name.lastIndexOf('.'))) : name;
    }

    private static boolean ends(char c, Form form) {
        return form == Form.ENUM ? Character.isWhitespace(c) : c == form.end;
    }

    /** The first words, up to the first value or mark: the rest differs from version to version. */
    static String words(String message) {
        int end = 0;
        while (end < message.length()
                && end < WORDS_CHARS
                && (Character.isLetter(message.charAt(end)) || message.charAt(end) == ' ')) {
            end++;
        }
        String words = message.substring(0, end);
        int space = words.lastIndexOf(' ');
        return space > 0 ? words.substring(0, space) : words;
    }
}
