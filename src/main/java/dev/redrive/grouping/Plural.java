package dev.redrive.grouping;

import java.util.Map;

/** What was counted, and the verb behind it, have another form for one: {@code 3 seats are}, {@code 1 seat is}. */
final class Plural {

    private static final int CHARS = 4;
    /** What {@code record(s)} has become, a single letter being a value. */
    private static final String OR_MORE = "(‹c›)";

    private static final Map<String, String> VERBS = Map.of("are", "is", "were", "was", "have", "has", "do", "does");

    private Plural() {}

    /** Appends the word behind a number at {@code from}, and a verb behind that, in one form; returns where they end. */
    static int shortened(String text, int from, StringBuilder out) {
        int end = wordEnd(text, from);
        if (end - from <= CHARS) {
            return from;
        }
        String word = text.substring(from + 1, end);
        out.append(' ').append(singular(word));
        int behind = text.startsWith(OR_MORE, end) ? end + OR_MORE.length() : end;
        int next = wordEnd(text, behind);
        String verb = next > behind ? VERBS.get(text.substring(behind + 1, next)) : null;
        if (verb == null) {
            return behind;
        }
        out.append(' ').append(verb);
        return next;
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
