package dev.redrive.transform;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.transform.ExactJson.UnfitException;
import java.util.List;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.Function;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Version;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.internal.IsolatedScopeQuery;
import net.thisptr.jackson.jq.internal.JsonQueryFunction;
import net.thisptr.jackson.jq.internal.javacc.ExpressionParser;

/** The functions that a program may call: those of jq 1.7 as far as the library has them, and none that reaches outside. */
final class Builtins {

    static final Version VERSION = Versions.JQ_1_7;
    static final Scope SCOPE = scope();

    /** Of jq 1.7; that of the library sorts the names of objects. */
    private static final String WALK =
            "def w: (if type == \"object\" then map_values(w) elif type == \"array\" then map(w) else . end) | f; w";

    private Builtins() {}

    private static Scope scope() {
        var scope = Scope.newEmptyScope();
        BuiltinFunctionLoader.getInstance().listFunctions(VERSION, scope).forEach((name, function) -> {
            if (!name.startsWith("env/") && !name.startsWith("debug") && !name.startsWith("input")) {
                ProgramParts.madeExact(function);
                scope.addFunction(name, function);
            }
        });
        scope.addFunction("tonumber", 0, text(text -> number(text)));
        scope.addFunction("fromjson", 0, text(text -> ExactJson.read(text)));
        try {
            var walk = new IsolatedScopeQuery(ExpressionParser.compile(WALK, VERSION));
            scope.addFunction("walk", 1, new JsonQueryFunction("walk", List.of("f"), walk, scope));
        } catch (JsonQueryException impossible) {
            throw new IllegalStateException(impossible);
        }
        return scope;
    }

    private interface Read {
        JsonNode read(String text) throws UnfitException;
    }

    /** With every digit, where the library goes through doubles. */
    private static Function text(Read read) {
        return (scope, arguments, in, path, output, version) -> {
            if (in.isNumber()) {
                output.emit(in, null);
                return;
            }
            if (!in.isTextual()) {
                throw new JsonQueryException("a number or a JSON text is not in " + in.getNodeType());
            }
            JsonNode found;
            try {
                found = read.read(in.asText());
            } catch (UnfitException unfit) {
                throw new JsonQueryException("a text " + unfit.getMessage());
            }
            output.emit(found, null);
        };
    }

    private static JsonNode number(String text) throws UnfitException {
        try {
            var found = ExactJson.read(text);
            if (found.isNumber()) {
                return found;
            }
        } catch (UnfitException noJson) {
            // Said below.
        }
        throw new UnfitException("that is no number as JSON writes it");
    }
}
