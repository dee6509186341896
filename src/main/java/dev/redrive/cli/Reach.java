package dev.redrive.cli;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether one gets to Redrive at all: network, sign-in, version, clocks, readiness. */
final class Reach {

    /** Ages in filters are counted on the server's clock; by then one would notice. */
    private static final Duration SKEW = Duration.ofSeconds(5);

    private final Api api;
    private final String url;
    private boolean in;

    Reach(Api api, String url) {
        this.api = api;
        this.url = url;
    }

    /** Whether the API answers us, so that there is more to look at. Known after {@link #look}. */
    boolean isIn() {
        return in;
    }

    List<Finding> look() {
        var answer = api.look(api.address("/api/v1/me"));
        if (answer == null) {
            return List.of(Finding.problem(
                    "reach",
                    "Nothing answers at " + url,
                    "Every other command goes there, too.",
                    "Start Redrive, or name its address with --url or REDRIVE_URL."));
        }
        var me = json(answer);
        if (answer.statusCode() != 200) {
            return List.of(Finding.ok("reach", url + " answers"), refused(answer.statusCode(), me));
        }
        in = true;
        var findings = new ArrayList<Finding>();
        findings.add(Finding.ok("reach", url + " answers"));
        findings.add(version(me.getString("version", "unknown")));
        findings.add(Finding.ok(
                "auth",
                "Signed in as " + me.getString("actor") + " (" + me.getString("auth") + "), may "
                        + String.join(" ", permissions(me))));
        findings.add(clock());
        return findings;
    }

    private static List<String> permissions(JsonObject me) {
        return me.getJsonArray("permissions").stream().map(String::valueOf).toList();
    }

    private static Finding refused(int status, JsonObject problem) {
        return status == 401
                ? Finding.problem(
                        "auth",
                        "The token is missing or wrong",
                        "Redrive answers nobody without one.",
                        "Put it into REDRIVE_TOKEN, or name a file that holds it with --token-file.")
                : Finding.problem(
                        "auth",
                        "Redrive answered " + status + " " + problem.getString("detail", ""),
                        "This may be another server, or a proxy in front of it.",
                        "Look at the address, and at the log of Redrive.");
    }

    private static Finding version(String server) {
        return server.equals(Cli.version())
                ? Finding.ok("version", server)
                : Finding.note(
                        "version",
                        "Redrive is " + server + ", this command is " + Cli.version(),
                        "An older one does not know what a newer one may answer or ask.",
                        "Use the jar that the server runs.");
    }

    private Finding clock() {
        var before = Instant.now();
        var overview = api.get("/overview?window=PT1H").orFail().body();
        var middle = before.plus(Duration.between(before, Instant.now()).dividedBy(2));
        var skew = Duration.between(middle, Instant.parse(overview.getString("asOf")))
                .abs();
        return skew.compareTo(SKEW) < 0
                ? Finding.ok("clock", "Less than " + SKEW.toSeconds() + " s apart")
                : Finding.note(
                        "clock",
                        "The clocks here and of the database are " + skew.toSeconds() + " s apart",
                        "Ages in filters such as ts:<15m are counted on the database's clock, and alerts that are old are refused.",
                        "Let both machines take their time from NTP.");
    }

    /** On a port of its own that is often not open to people; so silence is only a note. */
    Finding ready(URI address) {
        var answer = api.look(address);
        if (answer == null) {
            return Finding.note(
                    "ready",
                    "Nothing answers at " + address,
                    "Readiness is told on the management port alone.",
                    "Name it with --management-url where it can be reached from here.");
        }
        var health = json(answer);
        return switch (health.getString("status", "")) {
            case "up" -> Finding.ok("ready", "up");
            case "degraded" ->
                Finding.problem(
                        "ready",
                        "Degraded: " + failed(health),
                        "Letters can be read, but part of the work waits.",
                        "See that what failed answers again; Redrive goes on by itself.");
            default ->
                Finding.problem(
                        "ready",
                        "Not ready (" + answer.statusCode() + "): " + failed(health),
                        "No requests should be sent there.",
                        "Look at the log of Redrive, and at what failed.");
        };
    }

    private static String failed(JsonObject health) {
        if (health.getJsonArray("checks") == null) {
            return "no answer of Redrive";
        }
        return String.join(
                ", ",
                Answer.objects(health.getJsonArray("checks")).stream()
                        .filter(check -> !check.getBoolean("ok", false))
                        .map(check -> check.getString("name"))
                        .toList());
    }

    private static JsonObject json(@Nullable HttpResponse<String> answer) {
        try {
            return answer == null || answer.body().isBlank() ? new JsonObject() : new JsonObject(answer.body());
        } catch (DecodeException noJson) {
            return new JsonObject();
        }
    }
}
