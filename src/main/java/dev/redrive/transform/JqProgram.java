package dev.redrive.transform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.transform.ExactJson.UnfitException;
import dev.redrive.transform.WrittenNumber.InexactException;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.regex.Pattern;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.internal.IsolatedScopeQuery;
import net.thisptr.jackson.jq.internal.javacc.ExpressionParser;
import net.thisptr.jackson.jq.internal.javacc.ParseException;
import net.thisptr.jackson.jq.internal.javacc.TokenMgrError;
import org.jspecify.annotations.Nullable;

/**
 * A program that was read. May run for ever and take all memory there is, so it only runs in {@link JqMain}, a process
 * that nobody misses.
 */
final class JqProgram {

    private static final Pattern PLACE = Pattern.compile("line (\\d+), column (\\d+)");

    private final Expression expression;

    private JqProgram(Expression expression) {
        this.expression = expression;
    }

    static final class InvalidException extends Exception {
        private static final long serialVersionUID = 1L;
        private final int position;

        InvalidException(int position, String message) {
            super(message);
            this.position = position;
        }

        /** Of the program, in UTF-16 units from 0; -1 where nobody knows. */
        int position() {
            return position;
        }
    }

    static JqProgram read(String program) throws InvalidException {
        try {
            var expression = ExpressionParser.compile(program, Builtins.VERSION);
            var unknown = ProgramParts.madeExact(expression).unknown(Builtins.SCOPE);
            if (unknown.isPresent()) {
                var name = unknown.get();
                throw new InvalidException(
                        program.indexOf(name.substring(0, name.lastIndexOf('/'))), "There is no function " + name);
            }
            return new JqProgram(new IsolatedScopeQuery(expression));
        } catch (JsonQueryException invalid) {
            throw invalid(program, invalid.getCause());
        } catch (StackOverflowError tooDeep) {
            throw new InvalidException(-1, "The program is nested too deeply");
        }
    }

    private static InvalidException invalid(String program, @Nullable Throwable cause) {
        if (cause instanceof ParseException parse && parse.currentToken != null) {
            var token = parse.currentToken.next;
            return token == null || token.image.isEmpty()
                    ? new InvalidException(program.length(), "The program ends too early")
                    : new InvalidException(
                            position(program, token.beginLine, token.beginColumn), "Not expected here: " + token.image);
        }
        if (cause instanceof NumberFormatException) {
            return new InvalidException(-1, "A number in the program is too large; write \"…\" | tonumber");
        }
        var said = cause == null ? "" : String.valueOf(cause.getMessage());
        var found = PLACE.matcher(said);
        return cause instanceof TokenMgrError && found.find()
                ? new InvalidException(
                        position(program, Integer.parseInt(found.group(1)), Integer.parseInt(found.group(2))),
                        "This is no jq")
                : new InvalidException(
                        -1, "This is no jq: " + said.lines().findFirst().orElse(""));
    }

    private static int position(String program, int line, int column) {
        int start = 0;
        for (int i = 1; i < line && program.indexOf('\n', start) >= 0; i++) {
            start = program.indexOf('\n', start) + 1;
        }
        return Math.max(0, Math.min(program.length(), start + column - 1));
    }

    /** A second result. Not for {@code try} of a program to catch. */
    private static final class TooManyException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    Transformed run(byte[] value) {
        try {
            var in = ExactJson.read(value);
            var before = ExactJson.write(in);
            var out = one(in);
            if (out == null) {
                return new Transformed.Failed("gives no result; the program has to give one");
            }
            var after = ExactJson.write(out);
            if (!isJson(after)) {
                return new Transformed.Failed("would hold a number that JSON does not have, such as nan");
            }
            return Arrays.equals(before, after)
                    ? new Transformed.Unchanged()
                    : new Transformed.Changed(Buffer.buffer(after));
        } catch (UnfitException unfit) {
            return unfit.failed();
        } catch (InexactException inexact) {
            return new Transformed.Failed(
                    "holds a number that this program cannot calculate with to the last digit", inexact.getMessage());
        } catch (TooManyException tooMany) {
            return new Transformed.Failed("gives more than one result; the program has to give one");
        } catch (JsonProcessingException refused) {
            return new Transformed.Failed("is refused by the program", shortly(refused.getOriginalMessage()));
        } catch (StackOverflowError tooDeep) {
            return new Transformed.Failed("leads the program into a recursion that is too deep");
        } catch (RuntimeException fault) {
            return new Transformed.Failed("is refused by the program", shortly(String.valueOf(fault.getMessage())));
        }
    }

    /** Generators write a number that is none without a word. */
    private static boolean isJson(byte[] after) {
        try {
            ExactJson.read(after);
            return true;
        } catch (UnfitException noNumber) {
            return false;
        }
    }

    private @Nullable JsonNode one(JsonNode in) throws JsonProcessingException {
        var results = new JsonNode[1];
        expression.apply(Scope.newChildScope(Builtins.SCOPE), in, out -> {
            if (results[0] != null) {
                throw new TooManyException();
            }
            results[0] = out;
        });
        return results[0];
    }

    private static String shortly(String said) {
        return said.length() > 300 ? said.substring(0, 300) + "…" : said;
    }
}
