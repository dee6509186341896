package dev.redrive.filter;

import dev.redrive.filter.Filter.And;
import dev.redrive.filter.Filter.Match;
import dev.redrive.filter.Filter.Not;
import dev.redrive.filter.Filter.Or;
import dev.redrive.filter.Filter.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the filter language of docs/filter.md. One pass from left to right without backtracking, so the time grows with
 * the length alone. ui/src/filter has the same parser in TypeScript, and src/test/resources/filter/cases.json holds
 * both together, messages included.
 */
public final class FilterParser {

    public static final int MOST_CHARACTERS = 4_000;
    /** A text of 4,000 characters grows less than sevenfold: {@code >1s,} to a time with milliseconds. */
    private static final int MOST_STORED = 40_000;

    private static final int MOST_TERMS = 100;
    private static final int MOST_VALUES = 500;
    private static final int DEEPEST = 20;

    private static final Set<String> OPERATORS = Set.of("AND", "OR", "NOT");

    private final Cursor cursor;
    private final boolean stored;
    private int terms;
    private int depth;

    /** @param stored whether the text was accepted once, see {@link #parseStored} */
    private FilterParser(Cursor cursor, boolean stored) {
        this.cursor = cursor;
        this.stored = stored;
    }

    /**
     * @return {@link Filter.All} for a blank text; no And in an And, no Or in an Or, no Not in a Not
     * @throws FilterException where the text is no filter
     */
    public static Filter parse(String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw new FilterException(MOST_CHARACTERS, text.length(), "A filter has at most 4,000 characters", null);
        }
        return parsed(text, false);
    }

    /**
     * Reads what {@link FilterText} wrote of a filter that was accepted once, ages resolved or not. It may be longer than
     * what people may write, and a span of it may be empty: an age may lie before the day that it is the end of.
     *
     * @throws FilterException where the text is no filter
     */
    public static Filter parseStored(String text) {
        if (text.length() > MOST_STORED) {
            throw new FilterException(
                    MOST_STORED, text.length(), "A stored filter has at most 40,000 characters", null);
        }
        return parsed(text, true);
    }

    private static Filter parsed(String text, boolean stored) {
        var cursor = new Cursor(text);
        cursor.skipSpace();
        return cursor.isAtEnd() ? new Filter.All() : new FilterParser(cursor, stored).whole();
    }

    private Filter whole() {
        var filter = anyOf();
        if (!cursor.isAtEnd()) {
            throw new FilterException(cursor.at(), "There is no ( for this )");
        }
        return filter;
    }

    private Filter anyOf() {
        var parts = new ArrayList<Filter>();
        do {
            var part = allOf();
            parts.addAll(part instanceof Or or ? or.parts() : List.of(part));
        } while (operator("OR"));
        return parts.size() == 1 ? parts.get(0) : new Or(parts);
    }

    private Filter allOf() {
        var parts = new ArrayList<Filter>();
        do {
            var part = one();
            parts.addAll(part instanceof And and ? and.parts() : List.of(part));
            cursor.skipSpace();
        } while (operator("AND") || !cursor.isAtEnd() && cursor.peek() != ')' && !isNext("OR"));
        return parts.size() == 1 ? parts.get(0) : new And(parts);
    }

    private boolean operator(String word) {
        cursor.skipSpace();
        if (!isNext(word)) {
            return false;
        }
        word.chars().forEach(letter -> cursor.accept((char) letter));
        cursor.skipSpace();
        return true;
    }

    private boolean isNext(String operator) {
        int here = cursor.at();
        var word = cursor.bare(false);
        boolean ended = cursor.peek() != '"';
        cursor.back(here);
        return ended && word.equals(operator);
    }

    private Filter one() {
        cursor.skipSpace();
        int from = cursor.at();
        if (isNext("NOT")) {
            operator("NOT");
            return negated(from);
        }
        if (cursor.accept('-')) {
            return negated(from);
        }
        if (cursor.accept('(')) {
            enter(from);
            var inner = anyOf();
            if (!cursor.accept(')')) {
                throw new FilterException(from, "There is no ) for this (");
            }
            depth--;
            return inner;
        }
        return term();
    }

    private Filter negated(int from) {
        enter(from);
        if (cursor.isAtEnd() || Cursor.isSpace(cursor.peek())) {
            throw new FilterException(from, cursor.at(), "Nothing follows that could be left out", null);
        }
        var part = one();
        depth--;
        return part instanceof Not twice ? twice.part() : new Not(part);
    }

    private void enter(int from) {
        if (++depth > DEEPEST) {
            throw new FilterException(from, "At most " + DEEPEST + " parentheses and negations around a term");
        }
    }

    private Filter term() {
        int from = cursor.at();
        for (var operator : OPERATORS) {
            if (isNext(operator)) {
                throw new FilterException(
                        from, from + operator.length(), operator + " stands between two terms", quote(operator));
            }
        }
        if (cursor.isAtEnd() || cursor.peek() == ')') {
            throw new FilterException(from, from, "Expected a term", null);
        }
        if (++terms > MOST_TERMS) {
            throw new FilterException(from, "At most " + MOST_TERMS + " terms");
        }
        var name = cursor.identifier();
        var field = Field.of(name);
        if (field.isPresent() && field.get().hasPath() && cursor.accept('.')) {
            return match(field.get(), new PathReader(cursor).read(field.get()), from);
        }
        if (field.isPresent() && !field.get().hasPath() && cursor.peek() == ':') {
            return match(field.get(), null, from);
        }
        cursor.back(from);
        return words(from);
    }

    private Filter match(Field field, @Nullable String path, int from) {
        if (!cursor.accept(':')) {
            throw new FilterException(from, cursor.at(), "Expected : and a value", null);
        }
        var values = new ArrayList<Value>();
        var reader = new ValueReader(cursor, field, stored);
        do {
            if (values.size() == MOST_VALUES) {
                throw new FilterException(cursor.at(), "At most " + MOST_VALUES + " values");
            }
            values.add(reader.read());
        } while (cursor.accept(','));
        endOfTerm();
        return new Match(field, path, values, from, cursor.at());
    }

    private Filter words(int from) {
        if (cursor.peek() == '"') {
            var text = cursor.quoted();
            boolean prefix = cursor.accept('*');
            endOfTerm();
            if (text.chars().allMatch(c -> Cursor.isSpace((char) c))) {
                throw new FilterException(from, cursor.at(), "There is nothing to look for between the quotes", null);
            }
            return new Words(text, prefix, from, cursor.at());
        }
        var word = cursor.bare(false);
        refuseWideColon(word, from);
        int colon = word.indexOf(':');
        if (colon >= 0) {
            throw unknown(word, colon, from);
        }
        endOfTerm();
        boolean prefix = word.endsWith("*");
        var text = prefix ? word.substring(0, word.length() - 1) : word;
        if (text.isEmpty()) {
            throw new FilterException(from, cursor.at(), "Expected a word before the *", null);
        }
        return new Words(text, prefix, from, cursor.at());
    }

    /** Some keyboards write it. As free text it would find nothing, and what is negated would let everything through. */
    private static void refuseWideColon(String word, int from) {
        int wide = word.indexOf('\uff1a');
        if (wide >= 0 && Field.of(word.substring(0, wide)).isPresent()) {
            throw new FilterException(from + wide, "A field ends in a plain colon", ":");
        }
    }

    private FilterException unknown(String word, int colon, int from) {
        var name = word.substring(0, colon);
        var end = from + colon;
        if (Field.of(name).isPresent()) {
            return new FilterException(from, end, "Say which " + name + ", as in " + name + ".name:value", null);
        }
        var near = Nearest.of(name, Field.all()).map(field -> field + ":");
        if (near.isPresent()) {
            return new FilterException(from, end + 1, "There is no field " + name, near.get());
        }
        return name.matches("[A-Za-z_][A-Za-z0-9_.-]*") && name.contains(".")
                ? new FilterException(from, end + 1, "There is no field " + name, "payload." + name + ":")
                : new FilterException(from, from + word.length(), "A word with a colon stands in quotes", quote(word));
    }

    private static String quote(String word) {
        return FilterText.quoted(word);
    }

    /** What is next to a value must not be taken for a term of its own. */
    private void endOfTerm() {
        if (!cursor.isAtEnd() && !Cursor.isSpace(cursor.peek()) && cursor.peek() != ')') {
            throw new FilterException(
                    cursor.at(),
                    Stream.of('"', '(').anyMatch(c -> c == cursor.peek())
                            ? "Quotes and parentheses stand in quotes"
                            : "Expected a space");
        }
    }
}
