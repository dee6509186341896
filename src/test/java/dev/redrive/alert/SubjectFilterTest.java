package dev.redrive.alert;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubjectFilterTest {

    private static final AlertSubject GROUP = new AlertSubject(
            AlertSubject.Kind.GROUP,
            "7",
            "PriceException",
            "orders-dlt",
            "orders",
            "main",
            "shop",
            "spring-kafka",
            "PriceException",
            "no price");

    /** A silence over one package must not be one over every failure. */
    @ParameterizedTest
    @CsvSource({
        "class:PriceException, true",
        "class:Price*, true",
        "class:shop.PriceException, true",
        "class:shop.Price*, true",
        "class:shop.*, false",
        "-class:shop.*, true",
        "class:StockException, false"
    })
    void knowsAClassByItsNameAndNoneByAPackageAlone(String q, boolean fits) {
        assertThat(SubjectFilter.of(q, SubjectFilter.OF_SILENCES).fits(GROUP, "New failure group", "error", null))
                .isEqualTo(fits);
    }
}
