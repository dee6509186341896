package dev.redrive.filter;

import java.util.Collection;
import java.util.Optional;

/**
 * What was perhaps meant: the candidate that begins with the word, else the one with the fewest edits. Fewer than half
 * of the letters may differ, so that nobody is asked whether foo was meant to be job.
 */
public final class Nearest {

    private static final int MOST_EDITS = 2;
    private static final int LONGEST = 40;

    private Nearest() {}

    /**
     * @param word of ASCII letters in any case; one of more than 40 characters is near to nothing
     * @param candidates in lower case, in the order in which they win over their equals
     */
    public static Optional<String> of(String word, Collection<String> candidates) {
        var lower = lower(word);
        String best = null;
        int least = Math.min(MOST_EDITS, (lower.length() - 1) / 2) + 1;
        if (lower.length() > LONGEST) {
            return Optional.empty();
        }
        for (var candidate : candidates) {
            int edits = lower.length() > 1 && candidate.startsWith(lower) ? 1 : edits(lower, candidate);
            if (edits < least) {
                best = candidate;
                least = edits;
            }
        }
        return Optional.ofNullable(best);
    }

    /** ASCII only, because every candidate is. */
    static String lower(String word) {
        var lower = new StringBuilder(word);
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                lower.setCharAt(i, (char) (c + 32));
            }
        }
        return lower.toString();
    }

    /** Levenshtein distance. */
    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
