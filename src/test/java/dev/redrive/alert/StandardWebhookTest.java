package dev.redrive.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.standardwebhooks.Webhook;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StandardWebhookTest {

    private static final String OTHER = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    @Test
    void signsAsTheReferenceLibraryDoes() throws Exception {
        var body = "{\"title\":\"Überraschung ‹n›\"}";
        assertThat(StandardWebhook.withSecret(Receiver.SECRET).sign("msg_1", 1_795_000_000, Buffer.buffer(body)))
                .isEqualTo(new Webhook(Receiver.SECRET).sign("msg_1", 1_795_000_000, body));
    }

    @Test
    void signsWithEachSecretSoThatAReceiverCanChangeOver() throws Exception {
        var now = Instant.now().getEpochSecond();
        var signature = StandardWebhook.withSecret(OTHER, Receiver.SECRET).sign("msg_1", now, Buffer.buffer("{}"));
        assertThat(signature.split(" ")).hasSize(2);
        for (var secret : List.of(OTHER, Receiver.SECRET)) {
            new Webhook(secret)
                    .verify(
                            "{}",
                            Map.of(
                                    "webhook-id", List.of("msg_1"),
                                    "webhook-timestamp", List.of(Long.toString(now)),
                                    "webhook-signature", List.of(signature)));
        }
    }

    @Test
    void refusesASecretOfAnotherKind() {
        assertThatIllegalArgumentException().isThrownBy(() -> StandardWebhook.withSecret("hunter2"));
        assertThatIllegalArgumentException().isThrownBy(StandardWebhook::withSecret);
    }
}
