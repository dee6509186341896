package dev.redrive.grouping;

import java.util.Set;

/** A host that nothing but the words around it shows to be one: {@code getaddrinfo ENOTFOUND rates}. */
final class HostName {

    /** What was not found is a host, be it a single word. */
    private static final Set<String> NOT_FOUND = Set.of("enotfound", "eai_again");
    /** A host follows if it has a dot: they stand before other words as well. */
    private static final Set<String> BEFORE = Set.of("lookup", "resolve", "getaddrinfo");

    private static final Set<String> BEFORE_PORT = Set.of("to", "for", "at", "on", "host");
    private static final String PORT = " port ";
    /** Of Go and of curl. */
    private static final String NO_SUCH_HOST = ": no such host";

    private static final String LABEL = "host: ";

    private HostName() {}

    /**
     * @param start of the word in the text, and its end
     * @param word the one before, in lower case
     */
    static boolean isOne(String text, int start, int end, String word) {
        boolean dotted = text.lastIndexOf('.', end - 1) > start;
        boolean ported = BEFORE_PORT.contains(word)
                && text.startsWith(PORT, end)
                && TraceText.digits(text, end + PORT.length()) > 0;
        return NOT_FOUND.contains(word)
                || BEFORE.contains(word) && dotted
                || word.equals("lookup") && text.contains(NO_SUCH_HOST)
                || ported
                || text.startsWith(LABEL, start - LABEL.length());
    }
}
