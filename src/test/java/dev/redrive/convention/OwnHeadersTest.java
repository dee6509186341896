package dev.redrive.convention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.Origin;
import dev.redrive.letter.Reading;
import org.junit.jupiter.api.Test;

/** What we write into records ourselves. */
class OwnHeadersTest {

    @Test
    void aRecordInQuarantineTellsWhereItLayAndWhoCouldNotReadIt() {
        Reading reading = Records.in("parcels-dlt")
                .with("redrive-quarantine", "7")
                .with("redrive-origin-topic", "parcels")
                .with("redrive-origin-partition", "2")
                .with("redrive-origin-offset", "41")
                .with("redrive-origin-timestamp", "1700000000000")
                .with("redrive-origin-consumer-group", "courier")
                .with("redrive-quarantine-reason", "no address")
                .read();
        assertThat(reading.convention()).isEqualTo("redrive-quarantine");
        assertThat(reading.origin()).isEqualTo(new Origin("parcels", 2, 41L, 1_700_000_000_000L, "courier", null));
        assertThat(reading.failure().message()).isEqualTo("no address");
        assertThat(reading.replayDrops()).hasSize(7);
        // Half of it is no evidence.
        assertThat(Records.in("parcels-dlt")
                        .with("redrive-origin-topic", "x")
                        .read()
                        .convention())
                .isEqualTo(Reading.UNKNOWN);
    }

    @Test
    void ourOwnHeadersAreLeftToTheReplay() {
        assertThat(Records.in("orders-dlt")
                        .with("redrive-replay-id", "1")
                        .with("redrive-letter", "1")
                        .with("redrive-attempt", "1")
                        .read()
                        .replayDrops())
                .isEmpty();
    }
}
