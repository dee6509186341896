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
        " in literal "
    };

    private static final String REFUSED = "Connection refused";
    private static final String PROPERTY = "Cannot read property '";

    private static final String[] LEADS = {"Listener failed; ", "threw exception; ", "nested exception is ", "]; "};

    private Essence() {}

    /** Without what wrappers put before the message of their cause, and what libraries append about the record. */
    static String of(String message) {
        String text = message.substring(0, Math.min(message.length(), LEAD_CHARS));
        for (String lead : LEADS) {
            int found = text.indexOf(lead);
            text = found >= 0 ? text.substring(found + lead.length()) : text;
        }
        text = translated(text);
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
        return worded(untagged(text.substring(0, end)));
    }

    /**
     * The database's own words in {@code could not execute statement [words] [sql]} (Hibernate) and behind {@code
     * (sqlite3.IntegrityError) } (SQLAlchemy), and the type that was wanted in {@code interface conversion: … is
     * string, not float64} (Go).
     */
    private static String translated(String text) {
        if (text.startsWith("could not execute ")) {
            int open = text.indexOf(" [");
            int close = text.indexOf("] [", Math.max(open, 0));
            return open > 0 && close > open ? text.substring(open + 2, close) : text;
        }
        int wanted = text.startsWith("interface conversion: ") ? text.indexOf(", not ") : -1;
        if (wanted > 0) {
            return text.substring(0, 22) + text.substring(wanted + 2);
        }
        int close = text.startsWith("(") ? text.indexOf(") ") : -1;
        return close > 1 && isExceptionName(text.substring(1), close - 1) ? text.substring(close + 2) : text;
    }

    /** What runtimes say of one failure, in the words of the newest: they differ by version and operating system. */
    private static String worded(String text) {
        if (text.startsWith(REFUSED + ": ") || text.startsWith(REFUSED + " (")) {
            return REFUSED;
        }
        if (text.startsWith(PROPERTY)) {
            int end = text.indexOf("' of ", PROPERTY.length());
            return end < 0
                    ? text
                    : "Cannot read properties of " + text.substring(end + 5) + " (reading '"
                            + text.substring(PROPERTY.length(), end) + "')";
        }
        return text.equals("connect timed out") ? "Connect timed out" : text;
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
