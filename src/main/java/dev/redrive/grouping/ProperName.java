package dev.redrive.grouping;

import java.util.Set;

/** The name of a person, a place or a company in a sentence: {@code Member Jane Doe has left}, {@code from New York to}. */
final class ProperName {

    private static final int WORDS = 6;

    /** Behind a name they make a sentence of what would be a heading, {@code Invalid Email Address}. */
    private static final Set<String> VERBS = Set.of(
            "is", "was", "are", "were", "has", "had", "have", "does", "did", "do", "can", "cannot", "could", "will",
            "must", "may", "should", "would", "ist", "hat", "war", "kann", "est");

    /** End the name of a company. */
    private static final Set<String> LEGAL_FORMS =
            Set.of("GmbH", "AG", "KG", "SE", "SA", "SARL", "SpA", "LLC", "PLC", "BV", "AB", "AS", "OY");

    private static final String[] HONORIFICS = {"Dr. ", "Prof. ", "Mr. ", "Mrs. ", "Ms. "};

    private ProperName() {}

    /**
     * Behind the name that begins at {@code at}; {@code at} where none does. One word in capitals is too often the name
     * of a class or a field: it takes two in a row, or one that the first word of the sentence introduces.
     */
    static int end(String text, int at) {
        int surname = behindInitials(text, at);
        if (titleEnd(text, surname) == surname || !behindWord(text, at)) {
            return at;
        }
        if (surname > at) {
            int full = titleEnd(text, surname);
            return next(text, full);
        }
        boolean heading = headingEnd(text, at) == at - 1;
        boolean introduced = heading && text.indexOf(' ') == at - 1;
        int end = titleEnd(text, at);
        int words = 1;
        int next = next(text, end);
        while (next > end && words < WORDS) {
            end = next;
            words++;
            next = next(text, end);
        }
        boolean subject = introduced && VERBS.contains(wordBehind(text, end));
        boolean named = !heading && words > 1 && goesOn(text, end);
        return subject || named ? end : at;
    }

    /** Behind the {@code J. R. } or {@code Dr. } of a name; {@code at} where none stand there. */
    private static int behindInitials(String text, int at) {
        int end = at;
        int next = behindInitial(text, end);
        while (next > end) {
            end = next;
            next = behindInitial(text, end);
        }
        return end;
    }

    private static int behindInitial(String text, int at) {
        for (String honorific : HONORIFICS) {
            if (text.startsWith(honorific, at)) {
                return at + honorific.length();
            }
        }
        boolean initial = at + 2 < text.length() && Character.isUpperCase(text.charAt(at));
        return initial && text.startsWith(". ", at + 1) ? at + 3 : at;
    }

    /** A sentence begins with a capital, and so do the words behind a colon and the reason behind a status. */
    private static boolean behindWord(String text, int at) {
        return at > 1 && text.charAt(at - 1) == ' ' && Character.isLetter(text.charAt(at - 2));
    }

    /** Behind the words with a capital that the message begins with, as far as they reach before {@code at}. */
    private static int headingEnd(String text, int at) {
        int end = titleEnd(text, 0);
        int next = next(text, end);
        while (end > 0 && next > end && next < at) {
            end = next;
            next = next(text, end);
        }
        return end;
    }

    /** Behind the next word of the same name, {@code Müller & Söhne}; {@code end} where the name is over. */
    private static int next(String text, int end) {
        int start = text.startsWith(" & ", end) ? end + 3 : text.startsWith(" ", end) ? end + 1 : end;
        int behind = start > end && start < text.length() ? titleEnd(text, start) : start;
        int space = text.indexOf(' ', start);
        boolean form = start > end && space > start && LEGAL_FORMS.contains(text.substring(start, space));
        return behind > start ? behind : form ? space : end;
    }

    /** Behind a word with a capital at its beginning, or behind its hyphens, and no other; {@code at} where none is. */
    private static int titleEnd(String text, int at) {
        if (at >= text.length() || !Character.isUpperCase(text.charAt(at))) {
            return at;
        }
        int end = at + 1;
        while (end < text.length() && isInner(text, end)) {
            end++;
        }
        boolean word = end == text.length() || " .,:;()".indexOf(text.charAt(end)) >= 0;
        boolean initial = text.startsWith(".", end) && end == at + 1;
        return word && !initial && end > at + 1 ? end : at;
    }

    private static boolean isInner(String text, int at) {
        char c = text.charAt(at);
        boolean joined = "-'’".indexOf(text.charAt(at - 1)) >= 0;
        return Character.isLowerCase(c) || joined && Character.isUpperCase(c) || "-'’".indexOf(c) >= 0;
    }

    private static String wordBehind(String text, int end) {
        int start = text.startsWith(" ", end) ? end + 1 : end;
        int behind = start;
        while (behind < text.length() && Character.isLowerCase(text.charAt(behind))) {
            behind++;
        }
        return text.substring(start, behind);
    }

    private static boolean goesOn(String text, int end) {
        return text.startsWith(" ", end) || end == text.length();
    }
}
