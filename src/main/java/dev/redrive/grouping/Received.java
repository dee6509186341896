package dev.redrive.grouping;

import java.util.Set;

/**
 * What came instead of the expected: {@code must be of type string. Received an instance of Order}. The expectation
 * tells the defect; what came describes the record, be it by the name of its type.
 */
final class Received {

    private static final Set<String> EXPECTING = Set.of("expected", "expecting", "expects", "must");
    private static final Set<String> BEFORE = Set.of("received", "found", "got", "actual");
    private static final Set<String> NOTHING = Set.of("not", "no", "never", "was", "were", "is", "be", "been");
    private static final String[] NEXT = {" at ", " in ", " for ", " from ", " on "};
    private static final int WORDS = 6;

    private Received() {}

    static boolean expecting(String word) {
        return EXPECTING.contains(word);
    }

    /**
     * Behind what came instead; {@code at} where nothing of that kind begins there. Numbers and quoted texts are values
     * anyway, and the status of an answer is none.
     *
     * @param word the one before, in lower case, and the one before that
     */
    static int end(String text, int at, String word, String wordBefore) {
        boolean instead = BEFORE.contains(word) && !NOTHING.contains(wordBefore)
                || word.equals("was") && wordBefore.equals("but");
        if (!instead || !Character.isLetter(text.charAt(at)) || at > 0 && ends(text, at - 1, 0)) {
            return at;
        }
        int open = 0;
        int words = 1;
        int end = at;
        while (end < text.length() && !ends(text, end, open)) {
            char c = text.charAt(end);
            open += c == '(' ? 1 : c == ')' ? -1 : 0;
            words += Word.isSpace(c) ? 1 : 0;
            if (words > WORDS || TraceText.digits(text, end) == 3) {
                return at;
            }
            end++;
        }
        return end;
    }

    private static boolean ends(String text, int at, int open) {
        char c = text.charAt(at);
        boolean sentence = c == '.' && (at + 1 == text.length() || Word.isSpace(text.charAt(at + 1)));
        if (sentence || ",;\n]}".indexOf(c) >= 0 || c == ')' && open == 0) {
            return true;
        }
        for (String next : NEXT) {
            if (text.startsWith(next, at)) {
                return true;
            }
        }
        return false;
    }
}
