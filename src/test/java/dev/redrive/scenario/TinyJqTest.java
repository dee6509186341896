package dev.redrive.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TinyJqTest {

    @Test
    void whatStandsInForJqSaysWhatJqSays() {
        var selection = "{\"id\":\"a-b\",\"count\":{\"value\":7,\"relation\":\"eq\"}}";
        assertThat(TinyJq.run(".id", true, selection)).isEqualTo("a-b");
        var program =
                "{type:\"replay\",selectionId:.id,expectedCount:.count.value,reason:\"INC-4711\",options:{rate:50,canary:5}}";
        assertThat(TinyJq.run(program, false, selection))
                .isEqualTo("{\"type\":\"replay\",\"selectionId\":\"a-b\",\"expectedCount\":7,\"reason\":\"INC-4711\","
                        + "\"options\":{\"rate\":50,\"canary\":5}}");
    }
}
