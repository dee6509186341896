package dev.redrive.retention;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeepForTest {

    @ParameterizedTest
    @CsvSource({"P30D,P30D", "PT720H,P30D", "P2W,P14D", "PT1H,PT1H", "PT60M,PT1H", "P1DT12H,P1DT12H", "PT36H,P1DT12H"})
    void writesDaysAsDays(String given, String written) {
        assertThat(KeepFor.parse(given).orElseThrow()).hasToString(written);
        assertThat(KeepFor.parse(written)).isEqualTo(KeepFor.parse(given));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PT59M59S",
                "PT0S",
                "-P1D",
                "P1M",
                "P1Y",
                "30d",
                "",
                "P",
                "PW",
                "P99999W",
                "P99999999999D",
                "PT1H0.5S",
                "P36501D"
            })
    void refusesWhatIsTooShortTooLongOrDiffersFromMonthToMonth(String given) {
        assertThat(KeepFor.parse(given)).isEmpty();
    }
}
