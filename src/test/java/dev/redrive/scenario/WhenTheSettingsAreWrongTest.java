package dev.redrive.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.RedriveProcess;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WhenTheSettingsAreWrongTest {

    @Test
    void theProcessEndsWithTwoAndOneReadableListOfProblems() {
        var redrive = RedriveProcess.on("mysql://nobody", "localhost:1")
                .with("REDRIVE_HTTP_PORT", "http")
                .with("REDRIVE_HTTP_HOST", "0.0.0.0")
                .launch();
        try (redrive) {
            assertThat(redrive.awaitExit(Duration.ofSeconds(30))).isEqualTo(2);
            assertThat(redrive.log())
                    .contains("Redrive cannot start with these settings:")
                    .contains("  - REDRIVE_DATABASE_URL must look like")
                    .contains("  - REDRIVE_HTTP_PORT must be a whole number")
                    .contains("  - REDRIVE_AUTH=none is accepted only on a loopback address");
        }
    }
}
