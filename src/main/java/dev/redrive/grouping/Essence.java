package dev.redrive.grouping;

/** The part of a message that tells the cause: without what wrappers put before it and libraries append to it. */
final class Essence {

    /** Wrappers may put this much before the words that count. */
    private static final int LEAD_CHARS = 8_000;

    /** What databases, brokers and decoders append about the one record. */
    private static final String[] TAILS = {
        "\n at [Source",
        "\n  Detail: ",
        "\nDETAIL: ",
        "\n  Hint: ",
        "\n  Where: ",
        "\n  Position: ",
        "\n\n",
        "stacktrace=",
        "\n[SQL: ",
        ", input_value=",
        "; SQL statement:",
        " (total=",
        " (through reference chain: ",
        "\n\tat ",
        " [in thread \"",
        " and defined in ",
        ") violated",
        " looking for beginning of ",
        " after object key",
        " in literal ",
        " The duplicate key value is ",
        " Truncated value: '",
        ", Request ID: ",
        "; Request ID: ",
        "\nRequestId:",
        ", metadata: MetadataMap",
        "\n\tdebug_error_string = ",
        ". Client view of cluster state is ",
        ", but it was missing",
        " dup key: ",
        ". script: ",
        " -- it returned "
    };

    /** urllib3 prints the object that failed, and what it said in quotes. */
    private static final String CAUSE = "(Caused by ";
    /** Shows the lines of the program around the call first, and the words last. */
    private static final String PRISMA = "Invalid `prisma.";

    /** Ruby says where it did not come through, and why in brackets. */
    private static final String OPEN_TCP = "Failed to open TCP connection to ";

    /** Avro shows the types that were allowed, the value, and which field it was for. */
    private static final String UNION = "Not in union [";

    /** Hibernate goes on with the words of the database and the statement, each in brackets. */
    private static final String EXECUTE = "could not execute ";

    /** MongoDB's driver for Java prints the error of the server, in some versions with the server and what else it knows. */
    private static final String WRITE_ERROR = "WriteError{code=";

    /** The database of Go gives the column's place and its name. */
    private static final String SCAN = "sql: Scan error on column ";

    private static final String[] LEADS = {"Listener failed; ", "threw exception; ", "nested exception is ", "]; "};

    private Essence() {}

    /** Without what wrappers put before the message of their cause, and what libraries append about the record. */
    static String of(String message) {
        String text = message.substring(0, Math.min(message.length(), LEAD_CHARS));
        for (String lead : LEADS) {
            int found = text.indexOf(lead);
            text = found >= 0 ? text.substring(found + lead.length()) : text;
        }
        text = translated(text.strip());
        int colon = text.indexOf(": ");
        while (colon > 0 && isExceptionName(text, colon)) {
            text = text.substring(colon + 2);
            colon = text.indexOf(": ");
        }
        int end = text.length();
        for (String tail : TAILS) {
            int found = text.indexOf(tail);
            end = found > 0 ? Math.min(end, found) : end;
        }
        return NewestWords.of(untagged(text.substring(0, end)));
    }

    /**
     * Of {@code NewConnectionError('<…HTTPConnection object at 0x7f>: words'))} the class and the words; newer versions
     * print {@code "HTTPConnection(host='a', port=80): words"}.
     */
    private static String cause(String text, int start) {
        int open = text.indexOf('(', start);
        int object = text.indexOf(">: ", Math.max(open, 0));
        int words = object > 0 ? object : text.indexOf("): ", Math.max(open, 0));
        if (open < 0 || words < 0 || !Thrown.isTypeName(text.substring(start), open - start)) {
            return text;
        }
        int end = text.length();
        while (end > words + 3 && "'\")".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        return text.substring(start, open) + ": " + text.substring(words + 3, end);
    }

    /** The words of {@code (1062, "Duplicate entry …")}: the number and the text that a database's exception in Python holds. */
    private static String ofTuple(String text) {
        int comma = 1 + TraceText.digits(text, 1);
        int last = text.length() - 2;
        boolean tuple = text.startsWith("(")
                && comma > 1
                && text.startsWith(", ", comma)
                && last > comma + 2
                && text.endsWith(")")
                && "'\"".indexOf(text.charAt(last)) >= 0
                && text.charAt(comma + 2) == text.charAt(last);
        return tuple ? text.substring(comma + 3, last) : text;
    }

    /** The words of the cause where a library puts its own around them: urllib3, Ruby, Prisma, Hibernate, MongoDB, Avro. */
    private static String translated(String text) {
        int cause = text.indexOf(CAUSE);
        if (cause > 0) {
            return cause(text, cause + CAUSE.length());
        }
        if (text.startsWith(OPEN_TCP) && text.endsWith(")") && text.indexOf(" (") > 0) {
            return text.substring(text.indexOf(" (") + 2, text.length() - 1);
        }
        if (text.startsWith(PRISMA)) {
            return text.substring(text.lastIndexOf('\n') + 1);
        }
        if (text.startsWith(EXECUTE)) {
            int open = text.indexOf(" [");
            int close = text.indexOf("] [", Math.max(open, 0));
            return open > 0 && close > open ? text.substring(open + 2, close) : text;
        }
        int written = text.indexOf(WRITE_ERROR);
        if (written >= 0) {
            return ofMongo(text, written);
        }
        return text.startsWith(UNION) ? ofUnion(text) : within(text);
    }

    /**
     * The database's own words behind {@code (sqlite3.IntegrityError) } (SQLAlchemy), and the type that was wanted in
     * {@code interface conversion: … is string, not float64} (Go).
     */
    private static String within(String text) {
        int wanted = text.startsWith("interface conversion: ") ? text.indexOf(", not ") : -1;
        if (wanted > 0) {
            return text.substring(0, 22) + text.substring(wanted + 2);
        }
        int close = text.startsWith("(") ? text.indexOf(") ") : -1;
        boolean named = close > 1 && (isExceptionName(text.substring(1), close - 1) || isAlert(text, close));
        if (named) {
            return text.substring(close + 2);
        }
        return text.contains(SCAN) ? text.replace(", name \"", ", column \"") : ofTuple(text);
    }

    /** Of {@code Not in union ["null","long"]: twelve (field=amount)} all but the value. */
    private static String ofUnion(String text) {
        int value = text.lastIndexOf("]: ");
        int field = text.lastIndexOf(" (field=");
        return value < 0 ? text : text.substring(0, value + 1) + (field > value ? text.substring(field) : "");
    }

    /** Of {@code WriteError{code=11000, message='E11000 …', details={}}} the message. */
    private static String ofMongo(String text, int start) {
        int open = text.indexOf("message='", start);
        int close = text.lastIndexOf("', details=");
        int end = close > open ? close : text.lastIndexOf('\'');
        return open < 0 || end < open + 9 ? text : text.substring(open + 9, end);
    }

    /** TLS says {@code (certificate_unknown) words}, as of Java 11. */
    private static boolean isAlert(String text, int close) {
        return text.substring(1, close).chars().allMatch(c -> c >= 'a' && c <= 'z' || c == '_');
    }

    private static boolean isExceptionName(String text, int end) {
        if (!Thrown.isTypeName(text, end) || text.lastIndexOf('.', end - 1) < 0) {
            return false;
        }
        String name = text.substring(0, end);
        return name.endsWith("Exception") || name.endsWith("Error");
    }

    /** Without the name of the pool or client that speaks, {@code HikariPool-1 - Connection is not available}. */
    private static String untagged(String text) {
        int dash = text.indexOf(" - ");
        boolean tagged = dash > 0 && text.lastIndexOf(' ', dash - 1) < 0;
        return tagged ? text.substring(dash + 3) : text;
    }
}
