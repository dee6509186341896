package dev.redrive.grouping;

import java.util.Set;

/** Whether three digits of a message say how a request ended, and are no id, row count or code of a currency. */
final class HttpStatus {

    private static final Set<String> BEFORE = Set.of(
            "status",
            "http",
            "statuscode",
            "status_code",
            "http/1.1",
            "http/2",
            "http/1.0",
            "httpstatus",
            "reply-code");
    /** They stand before other numbers as well. */
    private static final Set<String> WEAK = Set.of("code", "answered", "returned", "responded", "response");
    /** Whose code may be that of an answer: not a currency's, and not a country's. */
    static final Set<String> CODE_OF = Set.of(
            "", "status", "response", "http", "error", "with", "returned", "got", "received", "answered", "result");

    private static final Set<String> SUGGESTING =
            Set.of("said", "says", "replied", "got", "received", "gave", "with", "error", "was");
    private static final String[] CLAUSES = {
        " for ",
        " from ",
        " (",
        " after ",
        " when ",
        " while ",
        " and ",
        " on ",
        " to ",
        " at ",
        " during ",
        " because "
    };
    private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch", "head");

    private static final String[] REASONS = {
        "Not Found",
        "Bad Request",
        "Unauthorized",
        "Forbidden",
        "Internal Server",
        "Service Unavailable",
        "Bad Gateway",
        "Gateway Time",
        "Too Many",
        "Conflict",
        "Gone",
        "Unprocessable",
        "Method Not",
        "Not Acceptable",
        "Request Time",
        "Payload Too",
        "Content Too",
        "Request Entity Too",
        "Unsupported Media",
        "Precondition",
        "Not Implemented",
        "Client Error",
        "Server Error"
    };

    private HttpStatus() {}

    /**
     * @param core the word itself, which ends at {@code end}
     * @param word the one before, in lower case, and the one before that
     */
    static boolean isOne(String text, String core, int end, String word, String wordBefore) {
        boolean status = core.length() == 3 && TraceText.digits(core, 0) == 3;
        if (!status || core.charAt(0) < '1' || core.charAt(0) > '5') {
            return false;
        }
        boolean error = core.charAt(0) >= '4';
        return announced(text, end, word, wordBefore)
                || followedByReason(text, end, word.isEmpty())
                || error && suggested(text, end, word)
                || error && called(text, end, word, wordBefore)
                || error && (introduced(text, end - core.length()) || leads(text, end));
    }

    /** Behind {@code status} and its like; behind {@code returned} and {@code code} only at the end of a clause. */
    private static boolean announced(String text, int end, String word, String wordBefore) {
        boolean weak = WEAK.contains(word) && clauseEnds(text, end);
        return BEFORE.contains(word) || weak && (!word.equals("code") || CODE_OF.contains(wordBefore));
    }

    /** {@code said 409: …}, {@code failed with 503}: less sure, so at the end of a clause, or in a message about HTTP. */
    private static boolean suggested(String text, int end, String word) {
        boolean said = SUGGESTING.contains(word);
        return text.contains("HTTP") ? said || word.isEmpty() || clauseEnds(text, end) : said && clauseEnds(text, end);
    }

    /** {@code GET https://rates.internal/v1/quotes: 403}, {@code PUT /v1/quotes/17 -> 409}. */
    private static boolean called(String text, int end, String word, String wordBefore) {
        boolean path = word.startsWith("/") && METHODS.contains(wordBefore);
        return (path || word.startsWith("http") && word.contains("://")) && clauseEnds(text, end);
    }

    /** {@code unexpected status of the credit bureau: 503}. */
    private static boolean introduced(String text, int start) {
        int before = start - 1;
        while (before > 0 && text.charAt(before) == ' ') {
            before--;
        }
        return before > 0 && ":=(".indexOf(text.charAt(before)) >= 0 && text.lastIndexOf("status", before) >= 0;
    }

    /** An older Spring begins with {@code 404 : [body]}, where the server gave no reason, and aiohttp goes on with it. */
    private static boolean leads(String text, int end) {
        return end == 3
                && (text.startsWith(": ", end) || text.startsWith(" : ", end) || text.startsWith(", message=", end));
    }

    /** @param anyCase where nothing stands before: "customer 404 not found" is a customer */
    static boolean followedByReason(String text, int end, boolean anyCase) {
        for (String reason : REASONS) {
            if (text.regionMatches(anyCase, end, " " + reason, 0, reason.length() + 1)) {
                return true;
            }
        }
        return false;
    }

    private static boolean clauseEnds(String text, int end) {
        if (end >= text.length() || ":;.,)(".indexOf(text.charAt(end)) >= 0) {
            return true;
        }
        for (String clause : CLAUSES) {
            if (text.startsWith(clause, end)) {
                return true;
            }
        }
        return false;
    }
}
