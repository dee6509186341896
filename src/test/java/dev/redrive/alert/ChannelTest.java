package dev.redrive.alert;

import static dev.redrive.testkit.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Progress;
import dev.redrive.alert.DeliveryVerticle.Pace;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each channel sends, taken by a server that refuses what its documentation does not allow. */
class ChannelTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Pace QUICK = new Pace(Duration.ofMillis(20), Duration.ofMillis(2_000), Duration.ofSeconds(30));
    private static final String HOSTILE =
            "<!channel> <https://evil.example|pay> & [pay](https://evil.example) @here\r\n"
                    + "Bcc: all@example.com `\u202e`";
    private static final String CARD = "4111-1111-1111-1111";

    private final Vertx vertx = Vertx.vertx();
    private final OutboxRows outbox = new OutboxRows(vertx);

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    private ChannelReceiver tell(EndpointKind kind) {
        var receiver = new ChannelReceiver(vertx, kind);
        var endpoint = receiver.endpoint(false);
        outbox.add(kind.word(), kind);
        vertx.deployVerticle(new DeliveryVerticle(
                        outbox.line(endpoint),
                        outbox.shared(QUICK),
                        loop -> outbox.channels(QUICK).open(loop, endpoint),
                        new Progress().loop("outbox")))
                .await();
        return receiver;
    }

    /** Fifty alerts in one message, and nothing in it that could be trusted. */
    private static JsonObject crowd() {
        var alerts = new JsonArray();
        for (int i = 0; i < 50; i++) {
            alerts.add(new JsonObject()
                    .put("title", HOSTILE + i)
                    .put("link", "https://redrive.example/ui/alerts/" + i)
                    .put("count", i)
                    .put("payload", CARD));
        }
        return new JsonObject()
                .put("title", HOSTILE)
                .put("topic", HOSTILE.repeat(5))
                .put("consumerGroup", "&".repeat(400))
                .put("severity", "critical")
                .put("since", "2026-11-29T00:00:00.000Z")
                .put("count", 57)
                .put("link", "https://redrive.example/ui/alerts?q=a%7Cb&x=1")
                .put("runbook", "javascript:alert(1)")
                .put("payload", CARD)
                .put("alerts", alerts)
                .put("more", 7)
                .put("commands", new JsonArray().add("curl '<>&```'".repeat(60)).add("kcat"));
    }

    @ParameterizedTest
    @EnumSource(names = {"SLACK", "TEAMS", "PAGERDUTY", "ALERTMANAGER"})
    @DisplayName("A-19, A-20: hostile names and fifty alerts fit the rules of each API, without a byte of a letter")
    void sendsWhatTheApiTakesWhateverTheNamesAre(EndpointKind kind) {
        var receiver = tell(kind);
        outbox.tell("alerts:1", "redrive.alert.firing", crowd());
        outbox.tell("alert:2", "redrive.alert.resolved", new JsonObject());
        until(PATIENCE, "two messages; refused were " + receiver.refused, () -> receiver.taken.size() == 2);
        assertThat(receiver.refused).isEmpty();
        var body = receiver.taken.get(0).body();
        assertThat(body.getBytes().length).isLessThanOrEqualTo(ChannelMessage.MOST_BYTES);
        assertThat(body).doesNotContain(CARD).doesNotContain("javascript:").containsPattern("and \\d+ more");
        assertThat(body).contains("kcat").contains("https://redrive.example/ui/alerts");
    }

    @Test
    void theReceiversRefuseWhatIsWrong() {
        var wrong = Map.of(
                EndpointKind.SLACK,
                "{\"text\":\"<!channel>\",\"blocks\":[]}",
                EndpointKind.TEAMS,
                "{\"text\":\"hello\"}",
                EndpointKind.PAGERDUTY,
                "{\"routing_key\":\"R0123456789ABCDEF\",\"event_action\":\"trigger\",\"dedup_key\":\"" + "x".repeat(256)
                        + "\"}",
                EndpointKind.ALERTMANAGER,
                "[{\"labels\":{\"alert-name\":\"x\"}}]");
        wrong.forEach((kind, body) -> {
            try (var receiver = new ChannelReceiver(vertx, kind)) {
                var client = new EndpointClient(vertx, Duration.ofSeconds(2));
                var address = (Address.Http) AddressReader.read(kind, receiver.address());
                var answer = client.send(
                                address,
                                null,
                                Map.of("content-type", "application/json"),
                                Buffer.buffer(body),
                                Instant.now())
                        .await();
                assertThat(answer).isEqualTo(new Answer.Refused(400, Duration.ZERO));
                assertThat(receiver.taken).isEmpty();
            }
        });
    }

    @Test
    @DisplayName("A-21: PagerDuty opens one incident, joins the repeat to it, and closes it by the same dedup_key")
    void opensAndClosesOneIncident() {
        var receiver = tell(EndpointKind.PAGERDUTY);
        outbox.tell("alert:7", "redrive.alert.firing", new JsonObject().put("title", "Lag"));
        outbox.tell(
                "alert:7",
                "redrive.alert.repeated",
                new JsonObject().put("title", "Lag").put("status", "firing"));
        until(PATIENCE, () -> receiver.taken.size() == 2);
        assertThat(receiver.open).containsOnlyKeys("redrive/redrive.example/alert:7");
        outbox.tell("alert:7", "redrive.alert.resolved", new JsonObject().put("title", "Lag"));
        until(PATIENCE, () -> receiver.taken.size() == 3);
        assertThat(receiver.open).isEmpty();
        assertThat(receiver.refused).isEmpty();
    }

    @Test
    void closesInAlertmanagerWhatItOpened() {
        var receiver = tell(EndpointKind.ALERTMANAGER);
        var data = new JsonObject()
                .put("alert", "consumer-lag")
                .put("topic", "orders")
                .put("severity", "error");
        outbox.tell("alert:7", "redrive.alert.firing", data);
        until(PATIENCE, () -> receiver.taken.size() == 1);
        assertThat(receiver.open).hasSize(1);
        outbox.tell("alert:7", "redrive.alert.resolved", data);
        until(PATIENCE, () -> receiver.taken.size() == 2);
        assertThat(receiver.open).isEmpty();
    }

    @Test
    void alertmanagerLearnsSinceWhenItIsSo() {
        var receiver = tell(EndpointKind.ALERTMANAGER);
        var data = new JsonObject().put("alert", "expiry").put("since", "2026-01-02T03:04:05.678Z");
        outbox.tell("alert:7", "redrive.alert.firing", data);
        outbox.tell("alert:8", "redrive.alert.firing", data.copy().put("since", "2999-01-02T03:04:05.678Z"));
        until(PATIENCE, "two alerts; refused were " + receiver.refused, () -> receiver.taken.size() == 2);
        assertThat(receiver.taken.get(0).body()).contains("\"startsAt\":\"2026-01-02T03:04:05.678Z\"");
        assertThat(receiver.taken.get(1).body()).doesNotContain("\"startsAt\":\"2999");
    }

    @Test
    @DisplayName("A-20: a Slack hook gets at most one message a second, whichever loop sends it")
    void leavesSlackASecond() {
        var receiver = tell(EndpointKind.SLACK);
        for (int i = 0; i < 3; i++) {
            outbox.tell("alert:" + i, "redrive.alert.firing", new JsonObject().put("title", "a"));
        }
        until(PATIENCE, () -> receiver.taken.size() == 3);
        for (int i = 1; i < 3; i++) {
            var gap = Duration.ofNanos(
                    receiver.taken.get(i).nanos() - receiver.taken.get(i - 1).nanos());
            assertThat(gap).isGreaterThan(Duration.ofMillis(950));
        }
    }

    @ParameterizedTest
    @EnumSource(names = "HEARTBEAT", mode = EnumSource.Mode.EXCLUDE)
    @DisplayName("A-19: bytes of a letter are sent only where the endpoint may see them, on every channel")
    void sendsBytesOfALetterOnlyWhereTheyAreAllowed(EndpointKind kind) {
        var claim = new OutboxStore.Claim(
                1,
                1,
                1,
                "msg_1",
                "alert:1",
                "redrive.alert.firing",
                new JsonObject()
                        .put("payload", CARD)
                        .put("alerts", new JsonArray().add(new JsonObject().put("payload", CARD)))
                        .encode(),
                1,
                Instant.EPOCH,
                Instant.EPOCH,
                Breaker.Standing.WELL);
        assertThat(Form.of(kind, "https://redrive.example", false, "k")
                        .body(claim)
                        .toString())
                .doesNotContain(CARD);
        assertThat(Form.of(kind, "https://redrive.example", true, "k")
                        .body(claim)
                        .toString())
                .contains(CARD);
    }

    @Test
    @DisplayName("A-06: one endpoint hangs, and ten others are told as fast as ever")
    void keepsEndpointsApart() {
        var silent = new Receiver(vertx, (message, request) -> {});
        deploy(silent, "silent");
        var healthy = new ArrayList<Receiver>();
        for (int i = 0; i < 10; i++) {
            healthy.add(Receiver.answering(vertx, 204));
            deploy(healthy.get(i), "healthy-" + i);
        }
        for (int i = 0; i < 10; i++) {
            outbox.tell("alert:" + i, "redrive.alert.firing", new JsonObject());
        }
        until(PATIENCE, () -> healthy.stream().allMatch(receiver -> receiver.messages.size() == 10));
        var slowest = outbox.numbers("""
                SELECT extract(epoch FROM max(delivered_at - created_at)) * 1000 AS number FROM alert_delivery
                WHERE state = 'delivered'""").get(0);
        assertThat(slowest).isLessThan(5_000);
        assertThat(silent.messages.size()).isLessThanOrEqualTo(10);
    }

    private void deploy(Receiver receiver, String name) {
        var endpoint = receiver.endpoint(name);
        outbox.add(name, EndpointKind.WEBHOOK);
        vertx.deployVerticle(new DeliveryVerticle(
                        outbox.line(endpoint),
                        outbox.shared(QUICK),
                        loop -> outbox.channels(QUICK).open(loop, endpoint),
                        new Progress().loop("outbox")))
                .await();
    }

    @Test
    void shortensHonestlyAndCutsBetweenCodePoints() {
        assertThat(PlainText.of("a😀b", 2)).isEqualTo("a😀…");
        assertThat(PlainText.of("a\u0000\r\nb\u202ec", 9)).isEqualTo("a   b c");
        assertThat(List.of(PlainText.of("", 5), PlainText.of("abc", 3))).containsExactly("", "abc");
        assertThat(PlainText.link("javascript:alert(1)")).isNull();
        assertThat(PlainText.link("https://a.example/x y")).isNull();
    }
}
