package dev.redrive.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a command says before it asks anybody, and of a server that is none. */
class CliTest {

    private static final Map<String, String> NOWHERE = Map.of("REDRIVE_URL", "http://127.0.0.1:1");

    static List<List<String>> examples() {
        return Examples.all();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void readsEveryExampleOfItsHelp(List<String> example) {
        var parsed = Examples.commands().parseArgs(example.toArray(String[]::new));
        assertThat(parsed.errors()).isEmpty();
    }

    @Test
    void everyCommandHasAHelpWithExamples() {
        assertThat(Examples.all()).hasSizeGreaterThan(25);
        for (var command : Examples.commands().getSubcommands().keySet()) {
            var help = Run.of(NOWHERE, command, "--help");
            assertThat(help.code()).isZero();
            assertThat(help.out()).as(command).contains("redrive " + command).doesNotContain("%n");
        }
        var root = Run.of(NOWHERE, "--help");
        for (var exit : Exit.values()) {
            assertThat(root.out()).contains("  " + exit.code + "  " + exit.meaning);
        }
    }

    @Test
    void startsTheServerAsBefore() {
        assertThat(Cli.startsServer()).isTrue();
        assertThat(Cli.startsServer("serve")).isTrue();
        assertThat(Cli.startsServer("serve", "--help")).isFalse();
        assertThat(Cli.startsServer("ls")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "frobnicate",
                "ls --nope",
                "ls --limit x",
                "ls --limit 0",
                "ls --token secret",
                "ls --url ftp://somewhere",
                "ls --url http://user:secret@somewhere",
                "ls --token-file /no/such/file",
                "show",
                "show x",
                "replay",
                "replay 1 --query is:open",
                "replay 1 --rate 5",
                "replay --query is:open",
                "replay --query is:open --reason x --source draft",
                "discard --group 1",
                "job",
                "job wait nothing",
                "topics reread",
                "topics reread orders-dlq --reason x",
                "topics reread orders-dlq --from-offset 5 --reason x",
                "topics reread orders-dlq --partition 0 --from-offset -1 --reason x",
                "topics reread orders-dlq --partition 0 --from-offset 5 --from-time 2026-11-23T03:00:00Z --reason x",
                "topics reread orders-dlq --from-time 2026-11-23T03:00:00Z --yes",
                "serve now"
            })
    void endsWithTwoAndAsksNobodyWhenItIsUsedWrongly(String line) {
        var run = Run.of(NOWHERE, line.split(" "));
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isNotEmpty().doesNotContain("\tat ");
    }

    @Test
    void endsWithOneAndSaysWhereItLookedWhenNobodyAnswers() {
        var run = Run.of(NOWHERE, "ls", "is:open");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("http://127.0.0.1:1", "redrive doctor");
        var doctor = Run.of(NOWHERE, "doctor", "--json");
        assertThat(doctor.code()).isEqualTo(1);
        assertThat(doctor.json().getJsonArray("checks").getJsonObject(0).getString("level"))
                .isEqualTo("problem");
    }

    @Test
    void takesTheTokenFromTheFileOrTheEnvironmentAndFollowsNoRedirect(@TempDir Path directory) throws Exception {
        var seen = new AtomicReference<>("");
        var server = server(exchange -> {
            seen.set(exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        var url = "http://127.0.0.1:" + server.getAddress().getPort();
        var file = Files.writeString(directory.resolve("token"), "from-the-file\n");
        try {
            var run = Run.of(Map.of("REDRIVE_URL", url + "/", "REDRIVE_TOKEN", "from-outside"), "topics");
            assertThat(run.code()).isEqualTo(1);
            assertThat(seen.getAndSet("")).isEqualTo("Bearer from-outside");
            Run.of(Map.of("REDRIVE_TOKEN", "from-outside"), "topics", "--url", url, "--token-file", file.toString());
            assertThat(seen.getAndSet("")).isEqualTo("Bearer from-the-file");
            Run.of(Map.of(), "topics", "--url", url);
            assertThat(seen.get()).isNull();
        } finally {
            server.stop(0);
        }
    }

    @Test
    void noticesThatAnExportWasCutOrChanged() throws Exception {
        var whole = "{\"a\":1}\n{\"#\":{\"end\":true,\"letters\":1,\"sha256\":"
                + "\"e1927c55064ba5a7b4ccca1c7f7c96c0c2c4d3d5e4ba2a5a0cd8a1d3d0e4bd5f\"}}\n";
        var answer = new AtomicReference<>(whole);
        var server = server(exchange -> {
            var bytes = String.valueOf(answer.get()).getBytes(UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        var environment =
                Map.of("REDRIVE_URL", "http://127.0.0.1:" + server.getAddress().getPort());
        try {
            assertThat(Run.of(environment, "export").code()).isEqualTo(1);
            answer.set("{\"a\":1}\n");
            assertThat(Run.of(environment, "export").code()).isEqualTo(1);
            assertThat(Run.of(environment, "export").err()).contains("cut");
            assertThat(Run.typing(environment, "", "export").code()).isEqualTo(2);
        } finally {
            server.stop(0);
        }
    }

    private static HttpServer server(HttpHandler handler) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", handler);
        server.start();
        return server;
    }
}
