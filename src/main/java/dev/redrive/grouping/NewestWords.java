package dev.redrive.grouping;

/** What runtimes say of one failure, in the words of the newest: they differ by version and operating system. */
final class NewestWords {

    /** A text that begins like the first, whatever address follows, is the second. */
    private static final String[][] OF_SYSTEMS = {
        {"Connection refused: ", "Connection refused"},
        {"Connection refused (", "Connection refused"},
        {"Connection refused - ", "Connection refused"},
        {"No connection could be made because the target machine actively refused it", "Connection refused"},
        {"Connection reset by peer", "Connection reset"},
        {"An existing connection was forcibly closed by the remote host", "Connection reset"},
        {"Connection timed out: ", "Connection timed out"},
        {"A connection attempt failed because the connected party did not properly respond", "Connection timed out"},
        {"Name or service not known (", "Name or service not known"},
        {"No such host is known", "Name or service not known"},
        {"nodename nor servname provided, or not known", "Name or service not known"}
    };
    /** What follows, how far the deadline was or what was no date, is another text in every version or for every record. */
    private static final String[] SUFFICIENT = {
        "DEADLINE_EXCEEDED", "code = DeadlineExceeded", "JWT expired", ": parsing time"
    };

    /** Words of older versions within a text, and what stands for them: reasons of RFC 9110, drivers, clients. */
    private static final String[][] RENAMED = {
        {"422 (Unprocessable Entity", "422 (Unprocessable Content"},
        {"422 Unprocessable Entity", "422 Unprocessable Content"},
        {"413 (Payload Too Large", "413 (Content Too Large"},
        {"413 Payload Too Large", "413 Content Too Large"},
        {"413 (Request Entity Too Large", "413 (Content Too Large"},
        {"413 Request Entity Too Large", "413 Content Too Large"},
        {"finishConnect(..) failed: ", ""},
        {"Connection refused (Connection refused)", "Connection refused"},
        {"Net::ReadTimeout with #<TCPSocket:(closed)>", "Net::ReadTimeout"},
        {"tls: failed to verify certificate: x509: ", "x509: "},
        {"client error (Connect): ", "error trying to connect: "},
        {"Error while dialing dial ", "Error while dialing: dial "},
        {"Couldn't connect to server", "Connection refused"},
        {"lock | communication buffer resources", "lock resources"},
        {"[mapper_parsing_exception]", "[document_parsing_exception]"},
        {"),WrappedArray())", "),ArraySeq())"},
        {"),List())", "),ArraySeq())"}
    };

    private static final String READ = "Cannot read property '";
    private static final String SET = "Cannot set property '";
    private static final String UNDEFINED_METHOD = "undefined method ";
    private static final String MISSING = " was missing required properties";

    private NewestWords() {}

    static String of(String message) {
        String text = renamed(message);
        for (var same : OF_SYSTEMS) {
            if (text.startsWith(same[0])) {
                return same[1];
            }
        }
        for (String sufficient : SUFFICIENT) {
            int at = text.indexOf(sufficient);
            if (at >= 0) {
                return text.substring(0, at + sufficient.length());
            }
        }
        if (text.startsWith(UNDEFINED_METHOD)) {
            return ofRuby(text);
        }
        int missing = text.indexOf(MISSING);
        if (missing > 0) {
            return ofDotnet(text, missing + MISSING.length());
        }
        return switch (text) {
            case "connect timed out" -> "Connect timed out";
            case "timeout" -> "Read timed out";
            default -> found(ofV8(VersionWords.of(text)));
        };
    }

    private static String renamed(String text) {
        String newest = text;
        for (var renamed : RENAMED) {
            newest = newest.replace(renamed[0], renamed[1]);
        }
        return newest;
    }

    /** {@code Cannot read properties of undefined (reading 'id')}; whether it was null describes the record. */
    private static String ofV8(String text) {
        String verb = text.startsWith(READ) ? READ : text.startsWith(SET) ? SET : null;
        int end = verb == null ? -1 : text.indexOf("' of ", verb.length());
        String newest = text;
        if (verb != null && end >= 0) {
            String reading = verb.equals(READ) ? "read" : "set";
            String doing = verb.equals(READ) ? "reading" : "setting";
            newest = "Cannot " + reading + " properties of " + text.substring(end + 5) + " (" + doing + " '"
                    + text.substring(verb.length(), end) + "')";
        }
        return newest.startsWith("Cannot ")
                ? newest.replace(" properties of null (", " properties of undefined (")
                : newest;
    }

    /** {@code for nil:NilClass} is {@code for nil}, {@code for #<Dog:0x01>} and {@code for "a":String} an instance. */
    private static String ofRuby(String text) {
        int at = text.indexOf(" for ");
        String receiver = at < 0 ? "" : text.substring(at + 5);
        if (receiver.startsWith("nil:")) {
            return text.substring(0, at + 8);
        }
        boolean printed = receiver.startsWith("#<");
        boolean newest = receiver.startsWith("an instance ") || receiver.startsWith("class ");
        int start = printed ? 2 : newest ? 0 : receiver.lastIndexOf(':') + 1;
        int end = start;
        while (end < receiver.length() && isClass(receiver, end)) {
            end++;
        }
        boolean older = start > 0 && end > start && (printed || end == receiver.length());
        return older ? text.substring(0, at + 5) + "an instance of " + receiver.substring(start, end) : text;
    }

    private static boolean isClass(String text, int at) {
        return Character.isLetterOrDigit(text.charAt(at)) || text.startsWith("::", at) || text.startsWith("::", at - 1);
    }

    /** {@code , including the following: ref} has become {@code including: 'ref'.} */
    private static String ofDotnet(String text, int end) {
        int colon = text.indexOf(": ", end);
        return colon < 0
                ? text
                : text.substring(0, end) + ": " + text.substring(colon + 2).replace("'", "");
    }

    /** {@code $.amount: string found, number expected}: what was found is quoted, like any value. */
    private static String found(String text) {
        int at = text.endsWith(" expected") ? text.indexOf(" found, ") : -1;
        int start = at < 0 ? -1 : text.lastIndexOf(' ', at - 1);
        return start < 0
                ? text
                : text.substring(0, start + 1) + "'" + text.substring(start + 1, at) + "'" + text.substring(at);
    }
}
