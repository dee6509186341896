package dev.redrive.overview;

import static dev.redrive.letter.StoredLetters.sample;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.http.ApiServer;
import dev.redrive.letter.StoredLetters;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class DeskMetricsStoreTest {

    @Test
    void tellsTheAgeOfTheOldestOpenLetterOfEveryTopicOfAName() throws Exception {
        try (var server = ApiServer.open()) {
            var letters = new StoredLetters(server.pool());
            var now = OffsetDateTime.now(ZoneOffset.UTC);
            letters.add(sample().withTopic("before").withFailedAt(now.minusHours(5)));
            letters.add(sample().withTopic("orders-dlt").withFailedAt(now.minusMinutes(1)));
            // Somebody deleted the topic and made it again: Kafka gave it another id.
            ApiServer.await(server.pool()
                    .query("UPDATE dead_letter_topic SET name = 'orders-dlt' WHERE name = 'before'")
                    .execute());
            var topics = ApiServer.await(new DeskMetricsStore(server.pool()).topics());
            assertThat(topics).hasSize(1);
            assertThat(topics.get(0).getDouble("oldest_open")).isBetween(5 * 3600.0, 5 * 3600.0 + 60);
        }
    }
}
