package dev.redrive.grouping;

/** What libraries say of one failure in other words from version to version, where more than the words has changed. */
final class VersionWords {

    private static final String TIMED_OUT = "Timed out after ";
    private static final String WAITING = " while waiting ";
    private static final String LOOKUP = "lookup ";
    private static final String ENUM = " for enum \"";
    private static final String MYSQL = "Error ";
    private static final int SQLSTATE = 5;
    /** What it was describes the record, what it should have been the defect. */
    private static final String CAST = "Unable to cast object of type '";

    private static final String TO_TYPE = " to type '";
    /** Of the .NET Framework, on a line of its own. */
    private static final String PARAMETER = "\nParameter name: ";

    private static final String CANNOT_CONNECT = "Cannot connect to host ";
    private static final String CALL_FAILED = "Connect call failed";
    private static final String TRIES = " (reached max retries: ";
    private static final String FAILED_TO_PARSE = "] failed to parse ";
    private static final String[] UNDEFINED = {"Undefined index: ", "Undefined offset: "};
    private static final String[] LAZY = {
        "failed to lazily initialize a collection of role: ", "Cannot lazily initialize collection of role '"
    };

    private VersionWords() {}

    static String of(String text) {
        String waited = ofClient(text.substring(stateEnd(text)));
        return withoutBrackets(withoutState(withoutResolver(unquoted(ofRuntime(waited)))));
    }

    private static String ofRuntime(String text) {
        for (String lazy : LAZY) {
            if (text.startsWith(lazy)) {
                return lazily(text, lazy.length());
            }
        }
        for (String undefined : UNDEFINED) {
            if (text.startsWith(undefined)) {
                return "Undefined array key '" + text.substring(undefined.length()) + "'";
            }
        }
        if (text.startsWith(CAST) && text.indexOf(TO_TYPE) > 0) {
            return "Unable to cast" + text.substring(text.indexOf(TO_TYPE));
        }
        int parameter = text.indexOf(PARAMETER);
        int name = parameter + PARAMETER.length();
        return parameter > 0
                ? text.substring(0, parameter) + " (Parameter '"
                        + text.substring(name).strip() + "')"
                : text;
    }

    private static String ofClient(String text) {
        int waiting = text.startsWith(TIMED_OUT) ? text.indexOf(WAITING) : -1;
        if (waiting > 0) {
            return "Timed out" + text.substring(waiting);
        }
        int secured = text.startsWith(CANNOT_CONNECT) ? text.indexOf(" ssl:") : -1;
        return secured > 0 ? text.substring(0, secured) + reason(text, secured) : text;
    }

    /** Behind the {@code [23505] } that R2DBC's driver puts before the words, or not. */
    private static int stateEnd(String text) {
        boolean state = text.startsWith("[") && text.startsWith("] ", 1 + SQLSTATE);
        return state && TraceText.digits(text, 1) > 1 ? 3 + SQLSTATE : 0;
    }

    /** aiohttp shows how it would have secured the connection, and each address that refused it. */
    private static String reason(String text, int secured) {
        int open = text.indexOf(" [", secured);
        return text.contains(CALL_FAILED) ? " [" + CALL_FAILED : open < 0 ? "" : text.substring(open);
    }

    /** How often AWS was asked, and where in the document Elasticsearch stopped. */
    private static String withoutBrackets(String text) {
        int tries = text.indexOf(TRIES);
        int end = tries < 0 ? -1 : text.indexOf(')', tries);
        String once = end < 0 ? text : text.substring(0, tries) + text.substring(end + 1);
        int parse = once.indexOf(FAILED_TO_PARSE);
        int open = parse < 0 ? -1 : once.lastIndexOf(" [", parse);
        int colon = open < 0 ? -1 : open + 2 + TraceText.digits(once, open + 2);
        boolean position = colon > open + 2
                && once.startsWith(":", colon)
                && colon + 1 + TraceText.digits(once, colon + 1) == parse;
        return position ? once.substring(0, open) + once.substring(parse + 1) : once;
    }

    /** The collection that was not loaded; Hibernate words what follows anew in each version. */
    private static String lazily(String text, int start) {
        int end = start;
        while (end < text.length() && (Character.isJavaIdentifierPart(text.charAt(end)) || text.charAt(end) == '.')) {
            end++;
        }
        return "Cannot lazily initialize collection of role " + text.substring(start, end);
    }

    /** {@code is not a valid backing value for enum "App\Level"}: PHP 8.3 has dropped the quotes. */
    private static String unquoted(String text) {
        int at = text.indexOf(ENUM);
        int close = at < 0 ? -1 : text.indexOf('"', at + ENUM.length());
        return close < 0
                ? text
                : text.substring(0, at + ENUM.length() - 1)
                        + text.substring(at + ENUM.length(), close)
                        + text.substring(close + 1);
    }

    /** {@code lookup rates on 10.0.0.10:53: no such host}: Go names the server that it asked, or does not. */
    private static String withoutResolver(String text) {
        int at = text.indexOf(LOOKUP);
        int on = at < 0 ? -1 : text.indexOf(' ', at + LOOKUP.length());
        int end = on > 0 && text.startsWith(" on ", on) ? text.indexOf(": ", on) : -1;
        boolean address = end > 0 && text.lastIndexOf(' ', end) == on + 3;
        return address ? text.substring(0, on) + text.substring(end) : text;
    }

    /** {@code Error 1062 (23000): Duplicate entry}: older drivers of Go do not tell the state. */
    private static String withoutState(String text) {
        int at = text.indexOf(MYSQL);
        int open = at < 0 ? -1 : at + MYSQL.length() + TraceText.digits(text, at + MYSQL.length());
        boolean told = open > at + MYSQL.length()
                && text.startsWith(" (", open)
                && text.startsWith("): ", open + 2 + SQLSTATE);
        return told ? text.substring(0, open) + text.substring(open + 3 + SQLSTATE) : text;
    }
}
