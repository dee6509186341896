package dev.redrive.filter;

import dev.redrive.filter.Term.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads terms that are joined by AND: {@code term = ["-"] field ":" value *("," value)}, where a value is a word or a
 * {@code "quoted \"text\""}, and {@code *} at its end makes it a prefix. One pass from left to right, no backtracking.
 */
public final class TermParser {

    private static final int MOST_TERMS = 50;
    private static final int MOST_VALUES = 100;
    private static final char END = '\0';

    private final String text;
    private int at;

    private TermParser(String text) {
        this.text = text;
    }

    /**
     * @return the terms in order, none for a blank text
     * @throws FilterException where the text is no filter
     */
    public static List<Term> parse(String text) {
        int nul = text.indexOf(END);
        if (nul >= 0) {
            throw new FilterException(nul, "A filter holds no NUL");
        }
        return new TermParser(text).terms();
    }

    private List<Term> terms() {
        var terms = new ArrayList<Term>();
        for (skipSpace(); at < text.length(); skipSpace()) {
            if (terms.size() == MOST_TERMS) {
                throw new FilterException(at, "At most " + MOST_TERMS + " terms");
            }
            terms.add(term());
        }
        return terms;
    }

    private Term term() {
        int start = at;
        boolean negated = peek() == '-';
        if (negated) {
            at++;
        }
        int from = at;
        while (Character.isLetterOrDigit(peek()) || peek() == '_' || peek() == '.') {
            at++;
        }
        var field = text.substring(from, at);
        if (peek() != ':' || field.isEmpty()) {
            throw noTerm(start, field);
        }
        at++;
        return new Term(field.toLowerCase(Locale.ROOT), negated, values(), from);
    }

    private FilterException noTerm(int start, String word) {
        if (word.equals("OR") || word.equals("NOT") || peek() == '(' || peek() == ')') {
            return new FilterException(start, "OR, NOT and parentheses are not supported; use field:a,b and -field:a");
        }
        if (word.equals("AND")) {
            return new FilterException(start, "Terms are joined by AND as they are; leave it out");
        }
        return new FilterException(start, "Expected field:value", word.isEmpty() ? null : "error:" + word);
    }

    private List<Value> values() {
        var values = new ArrayList<Value>();
        do {
            if (values.size() == MOST_VALUES) {
                throw new FilterException(at, "At most " + MOST_VALUES + " values");
            }
            values.add(peek() == '"' ? quoted() : word());
        } while (accept(','));
        if (at < text.length() && !Character.isWhitespace(peek())) {
            throw new FilterException(at, "Expected a space after the value");
        }
        return values;
    }

    private Value word() {
        int start = at;
        var operator = operator();
        int from = at;
        while (at < text.length() && !Character.isWhitespace(peek()) && peek() != ',') {
            if (peek() == '"') {
                throw new FilterException(at, "A quote may only begin a value");
            }
            at++;
        }
        var word = text.substring(from, at);
        boolean prefix = word.endsWith("*");
        if (word.isEmpty() || word.equals("*")) {
            throw new FilterException(start, "Expected a value");
        }
        return new Value(operator, prefix ? word.substring(0, word.length() - 1) : word, prefix, start);
    }

    private String operator() {
        int from = at;
        if (peek() == '>' || peek() == '<') {
            at++;
            accept('=');
        }
        return text.substring(from, at);
    }

    private Value quoted() {
        int start = at++;
        var value = new StringBuilder();
        while (peek() != '"') {
            if (at >= text.length()) {
                throw new FilterException(start, "The quote is not closed");
            }
            if (peek() == '\\') {
                at++;
                if (peek() != '"' && peek() != '\\') {
                    throw new FilterException(at - 1, "A backslash stands before a quote or a backslash only");
                }
            }
            value.append(text.charAt(at++));
        }
        at++;
        return new Value("", value.toString(), accept('*'), start);
    }

    private boolean accept(char expected) {
        if (peek() == expected) {
            at++;
            return true;
        }
        return false;
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : END;
    }
}
