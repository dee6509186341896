package dev.redrive.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.cli.Examples;
import dev.redrive.cli.Run;
import dev.redrive.testkit.ChildJvm;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/cli.md and every {@code --help} print, done as printed: by curl in a real bash, and by the command. */
class WhenARunbookIsFollowedTest {

    private static CommandDesk desk;

    @BeforeAll
    static void openTheDesk() {
        desk = new CommandDesk();
    }

    @AfterAll
    static void closeTheDesk() {
        desk.close();
    }

    @Test
    void theLinesOfTheDocsAreTakenByBashAsTheyStand(@TempDir Path directory) throws Exception {
        letters("com.fasterxml.jackson.databind.JsonMappingException", 7, "{\"id\":1}");
        var lines = Pattern.compile("```sh\\n(S=\\$\\(curl.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs/cli.md")))
                .results()
                .map(match -> match.group(1))
                .findFirst()
                .orElseThrow();
        var output = directory.resolve("out").toFile();
        var bash = new ProcessBuilder("bash", "-euo", "pipefail", "-c", lines)
                .redirectErrorStream(true)
                .redirectOutput(output);
        bash.environment().put("D", desk.url());
        bash.environment().put("A", "Authorization: Bearer " + CommandDesk.TOKEN);
        bash.environment().put("PATH", withJq(directory));
        var running = bash.start();
        assertThat(running.waitFor(90, TimeUnit.SECONDS)).isTrue();

        var said = Files.readString(output.toPath());
        assertThat(running.exitValue()).as(said).isZero();
        var job = new JsonObject(said);
        assertThat(job.getString("state")).isEqualTo("succeeded");
        assertThat(job.getString("reason")).isEqualTo("INC-4711");
        assertThat(job.getJsonObject("counters").getLong("sent")).isEqualTo(7);
        assertThat(redrive("ls", "--count", "class:JsonMapping* is:open").code())
                .isEqualTo(3);
    }

    /** Where jq is not installed its place is taken by {@link TinyJq}, so that this runs on every machine. */
    private static String withJq(Path directory) throws Exception {
        var path = System.getenv("PATH");
        boolean installed = Arrays.stream(path.split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "jq")));
        if (installed) {
            return path;
        }
        var arguments = Files.writeString(
                directory.resolve("classpath"),
                "-cp \"" + String.join(File.pathSeparator, ChildJvm.ownClassPath()) + "\"");
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        var jq = Files.writeString(
                directory.resolve("jq"),
                "#!/usr/bin/env bash\nexec '" + java + "' '@" + arguments + "' " + TinyJq.class.getName()
                        + " \"$@\"\n");
        assertThat(jq.toFile().setExecutable(true)).isTrue();
        return directory + File.pathSeparator + path;
    }

    @Test
    void lettersAreListedCountedShownAndSentAgain() {
        letters("dev.shop.OneException", 2, "{\"amount\":\"\u001b[2Jx\"}");
        var listed = redrive("ls", "class:OneException", "is:open", "--json").lines();
        assertThat(listed).hasSize(2);
        var id = listed.get(0).getString("id");
        assertThat(redrive("ls", "class:OneException").out()).contains(id, "OneException", CommandDesk.DLQ);
        assertThat(redrive("ls", "class:OneException", "--limit", "1").err()).contains("There are more than 1");
        assertThat(redrive("ls", "class:Nobody*").code()).isEqualTo(3);
        var wrong = redrive("ls", "clas:OneException");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("class");

        assertThat(redrive("show", id).out()).contains("\\u001b[2Jx").doesNotContain("\u001b");
        assertThat(redrive("show", id, "--value").bytes()).isEqualTo("{\"amount\":\"\u001b[2Jx\"}".getBytes(UTF_8));
        assertThat(redrive("show", "999999999").code()).isEqualTo(3);

        var dry = redrive("replay", id, "--dry-run");
        assertThat(dry.code()).as(dry.err()).isZero();
        assertThat(redrive("show", id, "--json").json().getString("status")).isEqualTo("open");
        var sent = redrive("replay", id, "--reason", "INC-1", "--wait", "--json");
        assertThat(sent.code()).as(sent.err()).isZero();
        assertThat(sent.json().getString("state")).isEqualTo("done");
        assertThat(sent.err()).contains("Idempotency-Key: ");
        assertThat(redrive("replay", id).code()).as("a second time").isEqualTo(4);
    }

    @Test
    void severalLettersAreSentAgainAndThoseThatCouldNotAreToldByTheExitCode() {
        letters("dev.shop.MixedException", 2, "{\"small\":true}");
        letters("dev.shop.MixedException", 1, "x".repeat(5_000));
        var q = "class:MixedException is:open";
        assertThat(redrive("replay", "--query", q, "--reason", "INC-2").code())
                .as("nobody to ask")
                .isEqualTo(2);
        assertThat(redrive("replay", "--query", q, "--dry-run").out()).contains("3 letters", desk.origin());
        var large = redrive("ls", q, "size:>4kB", "--json").lines().get(0).getString("id");
        assertThat(redrive("replay", large, "--wait").code()).as("too large").isEqualTo(4);

        var run = redrive("replay", "-q", q, "--reason", "INC-2", "--rate", "100", "--yes", "--wait", "60", "--json");
        assertThat(run.code()).as(run.out() + run.err()).isEqualTo(5);
        var job = run.json().getString("id");
        assertThat(redrive("job", "items", job, "--result", "failed", "--json").lines())
                .extracting(item -> item.getString("letterId"))
                .containsExactly(large);
        assertThat(redrive("job", "show", job).out()).contains("succeeded-with-failures", "1 failed", "2 sent");
        assertThat(redrive("job", "list", "--type", "replay").out()).contains(job, "INC-2");
        assertThat(redrive("job", "wait", job).code()).isEqualTo(5);
        assertThat(redrive("job", "cancel", job).code()).isEqualTo(4);
        assertThat(redrive("replay", "-q", "class:Nobody*", "--reason", "x", "--yes")
                        .code())
                .isEqualTo(3);
    }

    @Test
    void lettersAreDiscardedOneAtOnceOrAsAJob() {
        letters("dev.shop.TestException", 3, "{}");
        var q = "class:TestException is:open";
        var id = redrive("ls", q, "--json").lines().get(0).getString("id");
        assertThat(redrive("discard", id, "--dry-run").code()).isZero();
        assertThat(redrive("discard", id, "--reason", "a test order").out()).contains("discarded");
        assertThat(redrive("discard", id).code()).isEqualTo(4);
        assertThat(redrive("discard", "--query", q, "--dry-run").out()).contains("2 letters");
        var asked = desk.typing("n\n", "discard", "--query", q, "--reason", "test orders");
        assertThat(asked.code()).as(asked.err()).isEqualTo(4);
        assertThat(asked.err()).contains("Discard these letters? [y/N]", "Nothing was done");
        var run = redrive("discard", "--query", q, "--reason", "test orders", "--yes", "--wait");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("succeeded", "2 done");
        assertThat(redrive("ls", "--count", q).code()).isEqualTo(3);
    }

    @Test
    void aJobIsHeldLetGoAndEnded() {
        letters("dev.shop.SlowException", 40, "{}");
        var ordered = redrive(
                "replay", "-q", "class:SlowException is:open", "--reason", "slowly", "--rate", "1", "-y", "--json");
        assertThat(ordered.code()).as(ordered.err()).isZero();
        var job = ordered.json().getString("id");
        assertThat(redrive("job", "pause", job, "--reason", "wait").out()).contains("paused");
        var waited = redrive("job", "wait", job, "--for", "60");
        assertThat(waited.code()).isEqualTo(4);
        assertThat(waited.err()).contains("redrive job resume " + job);
        assertThat(redrive("job", "resume", job).code()).isZero();
        assertThat(redrive("job", "wait", job, "--for", "0").code())
                .as("not over yet")
                .isEqualTo(6);
        assertThat(redrive("job", "cancel", job).code()).isZero();
        assertThat(redrive("job", "wait", job).code()).isEqualTo(5);
    }

    @Test
    void aHeldJobGoesOnWithoutAFailureGroup() {
        letters("dev.shop.SickException", 3, "{}");
        var q = "class:SickException is:open";
        var group = redrive("ls", q, "--json").lines().get(0).getString("failureGroupId");
        var ordered = redrive("replay", "-q", q, "--reason", "INC-3", "--paused", "--yes", "--json");
        var job = ordered.json().getString("id");
        assertThat(redrive("job", "groups", job).code()).as("no trouble yet").isEqualTo(3);
        var excluded = redrive("job", "exclude", job, "--group", group, "--reason", "not healed");
        assertThat(excluded.code()).as(excluded.err()).isZero();
        assertThat(redrive("job", "exclude", job, "--group", group).code())
                .as("it goes on already")
                .isEqualTo(4);
        assertThat(redrive("job", "wait", job).code()).isZero();
        assertThat(redrive("job", "show", job).out()).contains("3 cancelled", "3 letters of failure group " + group);
    }

    @Test
    void anAnswerThatIsLostIsAskedForAgainAndNothingIsOrderedTwice() throws Exception {
        letters("dev.shop.LostException", 2, "{}");
        var q = "class:LostException is:open";
        try (var proxy = LosingProxy.before(desk.url(), "/jobs", 1)) {
            var run = desk.at(proxy.url(), "replay", "-q", q, "--reason", "lost once", "--yes", "--json");
            assertThat(run.code()).as(run.err()).isZero();
            assertThat(redrive("job", "wait", run.json().getString("id")).code())
                    .isZero();
        }
        letters("dev.shop.LostException", 2, "{}");
        try (var proxy = LosingProxy.before(desk.url(), "/jobs", 99)) {
            var run = desk.at(
                    proxy.url(), "replay", "-q", q, "--reason", "lost for good", "--yes", "--idempotency-key", "inc-9");
            assertThat(run.code()).isEqualTo(6);
            assertThat(run.err()).contains("inc-9", "redrive job list");
        }
        assertThat(redrive("job", "list", "--json").lines())
                .extracting(job -> job.getString("reason"))
                .containsOnlyOnce("lost once", "lost for good");
        var again =
                redrive("replay", "-q", "class:LostException", "--reason", "x", "--yes", "--idempotency-key", "inc-9");
        assertThat(again.code()).as(again.err()).isEqualTo(4);
        assertThat(again.err()).contains("another job before");
        var same = redrive(
                "replay",
                "-q",
                q,
                "--reason",
                "lost for good",
                "--yes",
                "--idempotency-key",
                "inc-9",
                "--wait",
                "--json");
        assertThat(same.code()).as(same.err()).isZero();
        assertThat(same.err()).contains("ordered job " + same.json().getString("id") + " before");
        assertThat(same.json().getString("reason")).isEqualTo("lost for good");
        assertThat(same.json().getJsonObject("counters").getLong("sent")).isEqualTo(2);
        letters("dev.shop.LostException", 1, "{}");
        var id = redrive("ls", q, "--json").lines().get(0).getString("id");
        try (var proxy = LosingProxy.before(desk.url(), "/discards", 1)) {
            assertThat(desk.at(proxy.url(), "discard", id).out()).contains("discarded");
        }
    }

    @Test
    void topicsAreListedLettersExportedAndTheDoctorIsContent(@TempDir Path directory) throws Exception {
        letters("dev.shop.ExportException", 3, "{\"x\":\"ü\"}");
        assertThat(redrive("topics").out()).contains(CommandDesk.DLQ, "default");
        var file = directory.resolve("letters.ndjson");
        var export = redrive("export", "class:ExportException", "--output", file.toString());
        assertThat(export.code()).as(export.err()).isZero();
        assertThat(export.err()).contains("3 letters");
        assertThat(Files.readAllLines(file)).hasSizeGreaterThan(4);
        assertThat(redrive("export", "class:ExportException", "--format", "csv", "--columns", "id,value")
                        .out())
                .startsWith("\"id\",\"value\"\r\n")
                .contains("# end letters=3");
        assertThat(redrive("export", "class:Nobody*").code()).isEqualTo(3);

        var doctor = redrive("doctor", "--management-url", desk.managementUrl());
        assertThat(doctor.code()).as(doctor.out() + doctor.err()).isZero();
        assertThat(doctor.out()).contains("ok      ready", "Signed in as admin", "Kafka answers", "Replay mode strict");
        var outside = Run.of(Map.of("REDRIVE_URL", desk.url()), "doctor");
        assertThat(outside.code()).isEqualTo(1);
        assertThat(outside.out()).contains("PROBLEM auth", "REDRIVE_TOKEN");
    }

    @Test
    void everyExampleOfTheHelpCanBeRun(@TempDir Path directory) {
        letters("dev.shop.ExampleException", 3, "{}");
        var letter = redrive("ls", "class:ExampleException is:open", "--json")
                .lines()
                .get(0);
        var job = redrive("discard", "-q", "class:ExampleException is:open", "--reason", "x", "-y", "--json")
                .json()
                .getString("id");
        for (var example : Examples.all()) {
            if (example.equals(List.of("serve"))) {
                continue;
            }
            var line = example.stream()
                    .map(word -> switch (word) {
                        case "4711" -> letter.getString("id");
                        case "12" -> letter.getString("failureGroupId");
                        case "5f0c7f0e-2a35-4f52-9f07-5f2b8f3c9a10" -> job;
                        case "letters.ndjson" -> directory.resolve(word).toString();
                        default -> word;
                    })
                    .toArray(String[]::new);
            var run = redrive(line);
            assertThat(run.code()).as(example + ": " + run.err()).isNotIn(1, 2, 6);
        }
    }

    private static Run redrive(String... arguments) {
        return desk.redrive(arguments);
    }

    private static void letters(String exception, int count, String value) {
        desk.letters(exception, count, value);
    }
}
