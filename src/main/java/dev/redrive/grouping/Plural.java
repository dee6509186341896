package dev.redrive.grouping;

import java.util.Map;

/** What was counted, and the verb behind it, have another form for one: {@code 3 seats are}, {@code 1 seat is}. */
final class Plural {

    private static final int CHARS = 4;
    /** {@code 3 open jobs}: the noun is the second at most. */
    private static final int WORDS = 2;

    /** What {@code record(s)} has become, a single letter being a value. */
    private static final String OR_MORE = "(‹c›)";

    private static final Map<String, String> VERBS = Map.of("are", "is", "were", "was", "have", "has", "do", "does");

    private Plural() {}

    /** Appends the words behind a number at {@code from}, and a verb behind them, in one form; returns where they end. */
    static int shortened(String text, int from, StringBuilder out) {
        int at = from;
        int end = wordEnd(text, at);
        for (int words = 0; words < WORDS && end - at > CHARS; words++) {
            out.append(' ').append(singular(text.substring(at + 1, end)));
            at = text.startsWith(OR_MORE, end) ? end + OR_MORE.length() : end;
            end = wordEnd(text, at);
        }
        String verb = at > from && end > at ? VERBS.get(text.substring(at + 1, end)) : null;
        if (verb == null) {
            return at;
        }
        out.append(' ').append(verb);
        return end;
    }

    private static String singular(String word) {
        if (word.endsWith("ies")) {
            return word.substring(0, word.length() - 3) + "y";
        }
        boolean hissing =
                word.endsWith("xes") || word.endsWith("ches") || word.endsWith("shes") || word.endsWith("sses");
        boolean plural = word.endsWith("s") && !word.endsWith("ss") && !word.endsWith("us") && !word.endsWith("is");
        return word.substring(0, word.length() - (hissing ? 2 : plural ? 1 : 0));
    }

    /** Behind the lower-case word that follows the space at {@code from}; {@code from} where none does. */
    private static int wordEnd(String text, int from) {
        int end = from + 1;
        while (text.startsWith(" ", from) && end < text.length() && Character.isLowerCase(text.charAt(end))) {
            end++;
        }
        boolean ends = end >= text.length() || !Character.isLetterOrDigit(text.charAt(end));
        return text.startsWith(" ", from) && ends && end > from + 1 ? end : from;
    }
}
