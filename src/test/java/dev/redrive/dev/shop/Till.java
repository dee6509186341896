package dev.redrive.dev.shop;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.kafka.annotation.BackOff;
import org.springframework.kafka.annotation.EnableKafkaRetryTopic;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.annotation.RetryableTopic;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * Takes payments with Spring Kafka's retry topics: {@code <topic>-retry-1000}, {@code <topic>-retry-2000}, then {@code
 * <topic>-dlt}. It fails while the {@link Bank} is closed, so that a replay heals when the bank is open again.
 */
public final class Till implements AutoCloseable {

    /** Deliveries of one record before it is a dead letter. */
    public static final int ATTEMPTS = 3;

    static final String GROUP = "till";

    private final AnnotationConfigApplicationContext spring = new AnnotationConfigApplicationContext();

    public Till(Connection kafka, String topic, Bank bank, Journal journal) {
        spring.getEnvironment().getPropertySources().addFirst(new MapPropertySource("till", Map.of("topic", topic)));
        spring.registerBean(Connection.class, () -> kafka);
        spring.registerBean(Charging.class, () -> new Charging(bank, journal));
        spring.register(RetryTopics.class);
        spring.refresh();
    }

    @Override
    public void close() {
        spring.close();
    }

    /** The listener, named by Spring's annotations. */
    static final class Charging {

        private final Bank bank;
        private final Journal journal;

        Charging(Bank bank, Journal journal) {
            this.bank = bank;
            this.journal = journal;
        }

        @RetryableTopic(
                attempts = "" + ATTEMPTS,
                backOff = @BackOff(delay = 1_000, multiplier = 2),
                numPartitions = "1",
                replicationFactor = "1",
                autoStartDltHandler = "false")
        @KafkaListener(groupId = GROUP, topics = "${topic}")
        void charge(ConsumerRecord<String, String> record) {
            var payment = new JsonObject(record.value()).getString("id");
            bank.charge(payment);
            journal.done(GROUP, payment);
        }
    }

    /** What Spring Boot would have configured. */
    @Configuration(proxyBeanMethods = false)
    @EnableKafkaRetryTopic
    static class RetryTopics {

        @Bean
        ConcurrentKafkaListenerContainerFactory<String, String> kafkaListenerContainerFactory(Connection kafka) {
            var factory = new ConcurrentKafkaListenerContainerFactory<String, String>();
            factory.setConsumerFactory(new DefaultKafkaConsumerFactory<>(kafka.consumer(GROUP)));
            return factory;
        }

        @Bean
        KafkaTemplate<String, String> defaultRetryTopicKafkaTemplate(Connection kafka) {
            return new KafkaTemplate<>(new DefaultKafkaProducerFactory<>(kafka.producer()));
        }

        @Bean
        KafkaAdmin kafkaAdmin(Connection kafka) {
            return new KafkaAdmin(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        }

        @Bean
        TaskScheduler taskScheduler() {
            return new ThreadPoolTaskScheduler();
        }
    }
}
