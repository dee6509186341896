package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UiTest {

    @ParameterizedTest
    @ValueSource(strings = {"/ui/assets/main-1a2b.js", "/ui/assets/none", "/ui/favicon.svg", "/ui/index.html"})
    void takesForAFileWhatLiesBesideThePageAndTheAssets(String path) {
        assertThat(Ui.isFile(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ui/",
                "/ui/topics",
                "/ui/topics/shop.orders-dlt",
                "/ui/consumers/shop.billing.v2",
                "/ui/letters/7",
                "/ui/alerts/deliveries/msg_0"
            })
    void takesEverythingElseForAScreenWhateverItsNameHolds(String path) {
        assertThat(Ui.isFile(path)).isFalse();
    }
}
