package dev.redrive.cli;

import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Foreign text as a terminal can bear it. A payload may hold escape sequences that rewrite what stands on the screen, and
 * characters that turn or hide text; each of them becomes its code. Letters of any language stay.
 */
final class Plain {

    private Plain() {}

    /** On one line. @return {@code -} for null */
    static String line(@Nullable Object text) {
        return text == null ? "-" : escaped(text.toString(), false);
    }

    /** On one line of so many characters at most; a cut shows. */
    static String line(@Nullable Object text, int most) {
        var line = line(text);
        return line.codePointCount(0, line.length()) <= most
                ? line
                : line.substring(0, line.offsetByCodePoints(0, most - 1)) + "…";
    }

    /** Line by line behind a margin, so that no line can pass for one of ours. */
    static String block(String text) {
        return text.lines().map(line -> "  | " + escaped(line, true)).collect(Collectors.joining("\n"));
    }

    /** JSON of the same meaning: what is dangerous can stand in strings alone, where its code may stand too. */
    static String json(String json) {
        var safe = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char unit = json.charAt(i);
            boolean pair = Character.isHighSurrogate(unit)
                    && i + 1 < json.length()
                    && Character.isLowSurrogate(json.charAt(i + 1));
            if (pair && !isDangerous(json.codePointAt(i))) {
                safe.append(unit).append(json.charAt(++i));
            } else if (pair || isDangerous(unit)) {
                safe.append("\\u%04x".formatted((int) unit));
            } else {
                safe.append(unit);
            }
        }
        return safe.toString();
    }

    static boolean isDangerous(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    private static String escaped(String text, boolean tabs) {
        var safe = new StringBuilder(text.length());
        text.codePoints().forEach(codePoint -> {
            if (!isDangerous(codePoint) || tabs && codePoint == '\t') {
                safe.appendCodePoint(codePoint);
            } else {
                safe.append(
                        switch (codePoint) {
                            case '\n' -> "\\n";
                            case '\r' -> "\\r";
                            case '\t' -> "\\t";
                            default ->
                                codePoint < 0x10000 ? "\\u%04x".formatted(codePoint) : "\\u{%x}".formatted(codePoint);
                        });
            }
        });
        return safe.toString();
    }
}
