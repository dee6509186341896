package dev.redrive.grouping;

import java.util.Set;

/** The members of an object as its {@code toString} prints them: {@code Order[id=17, buyer=Ada Lovelace, lines=[]]}. */
final class PrintedObject {

    /** What these say belongs to the defect: {@code code=11000}, {@code [type=missing]}. */
    private static final Set<String> TELLING = Set.of(
            "code",
            "status",
            "reason",
            "error",
            "errno",
            "type",
            "field",
            "property",
            "column",
            "constraint",
            "table",
            "index",
            "exception",
            "message",
            "sqlstate");

    private static final Set<String> TELLING_ENDS = Set.of("code", "status", "error", "reason", "type");

    private PrintedObject() {}

    /** Where the value that begins at {@code at} ends; {@code at} where it is none, or one that tells the defect. */
    static int valueEnd(String text, int at, String key) {
        boolean named = at >= 2 && Character.isLetterOrDigit(text.charAt(at - 2));
        boolean told = TELLING.contains(key) || TELLING_ENDS.stream().anyMatch(key::endsWith);
        if (!named || told || at >= text.length() || " \t\n=>\"'`".indexOf(text.charAt(at)) >= 0) {
            return at;
        }
        int open = 0;
        for (int i = at; i < text.length(); i++) {
            char c = text.charAt(i);
            if (open == 0 && ",;)]}\n".indexOf(c) >= 0) {
                return i;
            }
            open += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
        }
        return at;
    }
}
