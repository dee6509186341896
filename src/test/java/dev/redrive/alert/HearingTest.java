package dev.redrive.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.cluster.Told.Answer;
import dev.redrive.http.ApiServer;
import org.junit.jupiter.api.Test;

/** Who hears of the letters of orders-dlt. */
class HearingTest {

    @Test
    void aRuleThatIsOnCoversTheTopicAndHasAnEndpointIsNeeded() throws Exception {
        try (var desk = new RuleDesk()) {
            assertThat(answer(desk)).isEqualTo(Answer.YES);
            assertThat(ApiServer.await(new Hearing(desk.api.pool()).isAnybodyThere()))
                    .isTrue();
            desk.sql("UPDATE alert_rule SET query = '-topic:orders-dlt'");
            assertThat(answer(desk)).isEqualTo(Answer.NO_RULE);
            desk.sql("UPDATE alert_rule SET query = 'class:IOException'");
            assertThat(answer(desk)).as("a part of the letters").isEqualTo(Answer.NO_RULE);
            desk.sql("UPDATE alert_rule SET query = 'origin:orders'");
            assertThat(answer(desk)).isEqualTo(Answer.YES);
            desk.sql("UPDATE alert_rule SET endpoint_ids = '{4711}'");
            assertThat(answer(desk)).as("another endpoint").isEqualTo(Answer.NO_RULE);
            desk.sql("UPDATE alert_rule SET endpoint_ids = '{}', query = NULL, enabled = condition = 'gap'");
            assertThat(answer(desk)).isEqualTo(Answer.NO_RULE);
            desk.sql("UPDATE alert_endpoint SET state = 'absent'");
            assertThat(answer(desk)).isEqualTo(Answer.NO_ENDPOINT);
            assertThat(ApiServer.await(new Hearing(desk.api.pool()).isAnybodyThere()))
                    .isFalse();
        }
    }

    private static Answer answer(RuleDesk desk) throws Exception {
        return ApiServer.await(new Hearing(desk.api.pool()).of("orders-dlt", "orders"));
    }
}
