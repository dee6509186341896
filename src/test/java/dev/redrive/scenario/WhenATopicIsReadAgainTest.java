package dev.redrive.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.cli.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code redrive topics reread}, in front of a product that runs. */
class WhenATopicIsReadAgainTest {

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
    void aTopicIsReadAgainFromATimeOrAnOffsetOnAndOnce() {
        desk.letters("dev.shop.RereadException", 2, "{}");
        var since = Instant.now().minus(Duration.ofHours(1)).toString();
        var reread = List.of("topics", "reread", CommandDesk.DLQ);
        var dry = with(reread, "--from-time", since, "--dry-run", "--json");
        assertThat(dry.code()).as(dry.err()).isZero();
        assertThat(dry.json().getJsonObject("known").getLong("value")).isGreaterThanOrEqualTo(2);
        assertThat(with(reread, "--partition", "0", "--from-offset", "0", "--dry-run")
                        .out())
                .contains("PARTITION", "letters known");
        assertThat(with(reread, "--from-time", since, "--reason", "INC-5").code())
                .as("nobody to ask")
                .isEqualTo(2);
        assertThat(with(reread, "--from-time", "yesterday", "--dry-run").code()).isEqualTo(2);

        var order = List.of("--reason", "INC-5", "--yes", "--wait", "60", "--idempotency-key", "inc-5", "--json");
        var run = with(reread, plus(order, "--from-time", since));
        assertThat(run.code()).as(run.out() + run.err()).isZero();
        assertThat(run.json().getString("type")).isEqualTo("rewind");
        assertThat(run.json().getString("state")).isEqualTo("succeeded");
        assertThat(run.json().getJsonObject("counters").getLong("skipped")).isGreaterThanOrEqualTo(2);
        assertThat(desk.redrive("ls", "--count", "class:RereadException").out().strip())
                .isEqualTo("2");
        var same = with(reread, plus(order, "--from-time", since));
        assertThat(same.code()).as(same.err()).isZero();
        assertThat(same.json().getString("id")).isEqualTo(run.json().getString("id"));
        var other = with(reread, plus(order, "--partition", "0", "--from-offset", "0"));
        assertThat(other.code()).as(other.err()).isEqualTo(4);
        assertThat(other.err()).contains("earlier order with this key");

        assertThat(with(reread, "--partition", "0", "--from-offset", "99999999", "--dry-run")
                        .code())
                .as("nothing to read again")
                .isEqualTo(4);
        assertThat(desk.redrive("topics", "reread", "no/such-dlq", "--from-time", since, "--dry-run")
                        .code())
                .isEqualTo(3);
        assertThat(desk.redrive("job", "list", "--type", "rewind", "--json").lines())
                .filteredOn(job -> "INC-5".equals(job.getString("reason")))
                .hasSize(1);
    }

    private static Run with(List<String> command, String... options) {
        return desk.redrive(plus(command, options));
    }

    private static String[] plus(List<String> words, String... more) {
        return Stream.concat(words.stream(), Arrays.stream(more)).toArray(String[]::new);
    }
}
