package dev.redrive.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As much of jq as the runbook of docs/cli.md uses, for machines without it: a path such as {@code .id}, and an object of
 * literals and paths.
 */
final class TinyJq {

    private static final Pattern PATH = Pattern.compile("(?<=[:,{]|^)(?:\\.\\w+)+");
    private static final Pattern NAME = Pattern.compile("(?<=[{,])(\\w+)(?=:)");

    private TinyJq() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException {
        boolean raw = arguments[0].equals("-r");
        System.out.println(run(arguments[raw ? 1 : 0], raw, new String(System.in.readAllBytes(), UTF_8)));
    }

    /** @param raw whether a text stands without quotes */
    static String run(String program, boolean raw, String input) {
        var json = new JsonObject(input);
        if (program.startsWith("{")) {
            var named = NAME.matcher(program).replaceAll("\"$1\"");
            return new JsonObject(PATH.matcher(named).replaceAll(path -> literal(json, path))).encode();
        }
        var value = at(json, program);
        return raw && value instanceof String text ? text : Json.encode(value);
    }

    private static String literal(JsonObject json, MatchResult path) {
        return Matcher.quoteReplacement(Json.encode(at(json, path.group())));
    }

    private static Object at(JsonObject json, String path) {
        Object value = json;
        for (var name : List.of(path.substring(1).split("\\."))) {
            value = ((JsonObject) value).getValue(name);
        }
        return value;
    }
}
