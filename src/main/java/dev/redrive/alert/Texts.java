package dev.redrive.alert;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Names as they go into messages: a consumer group's name may be as long as its owner likes; a webhook may not. */
final class Texts {

    private static final int CHARS = 300;

    private Texts() {}

    static @Nullable String bounded(@Nullable String text) {
        return text == null ? null : bounded(text, CHARS);
    }

    /** Cut between two code points. */
    static @Nullable String bounded(@Nullable String text, int chars) {
        if (text == null || text.length() <= chars) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(chars - 1)) ? chars - 1 : chars;
        return text.substring(0, end) + "…";
    }

    /** As {@link #bounded}, for what is there. */
    static String shown(String text) {
        return String.valueOf(bounded(text));
    }

    /** One segment of a path. */
    static String segment(String text) {
        return URLEncoder.encode(shown(text), StandardCharsets.UTF_8).replace("+", "%20");
    }

    static String counted(long number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
