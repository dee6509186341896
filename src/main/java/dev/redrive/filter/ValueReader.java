package dev.redrive.filter;

import dev.redrive.filter.Value.Numbers;
import dev.redrive.filter.Value.Text;
import java.util.Map;
import java.util.TreeSet;

/** Reads one value of a field as its kind has it. */
final class ValueReader {

    private static final Map<String, Long> UNITS =
            Map.of("", 1L, "b", 1L, "kb", 1_000L, "mb", 1_000_000L, "kib", 1L << 10, "mib", 1L << 20);

    private static final long LAST = 999_999_999_999_999_999L;

    private final Cursor cursor;
    private final Field field;
    private final boolean stored;

    /** @param stored as in {@link FilterParser#parseStored} */
    ValueReader(Cursor cursor, Field field, boolean stored) {
        this.cursor = cursor;
        this.field = field;
        this.stored = stored;
    }

    Value read() {
        int from = cursor.at();
        if (cursor.peek() == '"') {
            var text = cursor.quoted();
            if (field.kind() == Field.Kind.TEXT) {
                return new Text(text, cursor.accept('*'));
            }
            throw new FilterException(from, cursor.at(), field.word() + " takes no quotes", null);
        }
        var word = cursor.bare(true);
        if (word.isEmpty() || word.equals("*")) {
            throw new FilterException(from, cursor.at(), "Expected a value for " + field.word(), null);
        }
        return switch (field.kind()) {
            case TEXT -> text(word, from);
            case WORD -> word(word, from);
            case NUMBER, SIZE -> numbers(word, from);
            case TIME -> new TimeReader(word, from, stored).read();
        };
    }

    private Text text(String word, int from) {
        if (word.startsWith(">") || word.startsWith("<")) {
            throw new FilterException(
                    from, cursor.at(), field.word() + " is text and not compared", FilterText.quoted(word));
        }
        boolean prefix = word.endsWith("*");
        return new Text(prefix ? word.substring(0, word.length() - 1) : word, prefix);
    }

    private Text word(String word, int from) {
        var lower = Nearest.lower(word);
        if (field.words().contains(lower)) {
            return new Text(lower, false);
        }
        var known = new TreeSet<>(field.words());
        throw new FilterException(
                from,
                cursor.at(),
                field.word() + " knows " + String.join(", ", known),
                Nearest.of(word, known).orElse(null));
    }

    private Numbers numbers(String word, int from) {
        int dots = word.indexOf("..");
        if (dots >= 0) {
            var low = dots == 0 ? null : number(word.substring(0, dots), from);
            var high = dots + 2 == word.length() ? null : number(word.substring(dots + 2), from + dots + 2);
            if (low == null && high == null || low != null && high != null && low > high) {
                throw new FilterException(from, cursor.at(), "A range goes from the smaller to the greater", null);
            }
            return new Numbers(low, high);
        }
        if (word.startsWith(">=")) {
            return new Numbers(number(word.substring(2), from + 2), null);
        }
        if (word.startsWith("<=")) {
            return new Numbers(null, number(word.substring(2), from + 2));
        }
        if (word.startsWith(">")) {
            return new Numbers(next(word, from, 1), null);
        }
        if (word.startsWith("<")) {
            return new Numbers(null, next(word, from, -1));
        }
        long exact = number(word, from);
        return new Numbers(exact, exact);
    }

    /** The number after the sign, or the one before it; the last has none. */
    private long next(String word, int from, int step) {
        long next = number(word.substring(1), from + 1) + step;
        if (Math.abs(next) > LAST) {
            throw new FilterException(from, from + word.length(), "The number is too large", null);
        }
        return next;
    }

    /** Below 10^18, so that neither the next number nor its size in bytes is out of range. */
    private long number(String word, int from) {
        boolean negative = word.startsWith("-");
        int digits = negative ? 1 : 0;
        while (digits < word.length() && Cursor.isDigit(word.charAt(digits))) {
            digits++;
        }
        var number = word.substring(0, digits);
        long unit = UNITS.getOrDefault(Nearest.lower(word.substring(digits)), 0L);
        boolean isNumber = digits > (negative ? 1 : 0) && unit > 0;
        if (!isNumber || field.kind() != Field.Kind.SIZE && digits < word.length()) {
            throw new FilterException(
                    from,
                    from + word.length(),
                    field.kind() == Field.Kind.SIZE
                            ? "Expected a size such as 500, 2kB or 1MiB"
                            : "Expected a whole number",
                    null);
        }
        int length = digits - (negative ? 1 : 0);
        if (length > 18 || length > 11 && unit != 1) {
            throw new FilterException(from, from + word.length(), "The number is too large", null);
        }
        return Long.parseLong(number) * unit;
    }
}
