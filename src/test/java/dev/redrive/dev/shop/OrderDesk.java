package dev.redrive.dev.shop;

import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import org.springframework.kafka.listener.MessageListener;
import org.springframework.util.backoff.FixedBackOff;

/**
 * Takes orders with Spring Kafka: three tries in place, then DeadLetterPublishingRecoverer to {@code <topic>-dlt}. An
 * amount with a decimal comma fails; an edit heals it.
 */
public final class OrderDesk implements AutoCloseable {

    static final String GROUP = "order-desk";
    private static final long RETRIES = 2;
    private static final long RETRY_MILLIS = 200;

    private final Journal journal;
    private final DefaultKafkaProducerFactory<String, String> producers;
    private final KafkaMessageListenerContainer<String, String> container;

    public OrderDesk(Connection kafka, String topic, Journal journal) {
        this.journal = journal;
        this.producers = new DefaultKafkaProducerFactory<>(kafka.producer());
        var properties = new ContainerProperties(topic);
        properties.setGroupId(GROUP);
        properties.setMessageListener((MessageListener<String, String>) this::take);
        this.container = new KafkaMessageListenerContainer<>(
                new DefaultKafkaConsumerFactory<>(kafka.consumer(GROUP)), properties);
        container.setBeanName(GROUP);
        container.setCommonErrorHandler(new DefaultErrorHandler(
                new DeadLetterPublishingRecoverer(new KafkaTemplate<>(producers)),
                new FixedBackOff(RETRY_MILLIS, RETRIES)));
        container.start();
    }

    private void take(ConsumerRecord<String, String> record) {
        var order = new JsonObject(record.value());
        price(order);
        journal.done(GROUP, order.getString("id"));
    }

    private static BigDecimal price(JsonObject order) {
        var amount = new BigDecimal(String.valueOf(order.getValue("amount")));
        if (amount.signum() <= 0) {
            throw new IllegalArgumentException("Order " + order.getString("id") + " costs nothing; heroes pay, too");
        }
        return amount;
    }

    @Override
    public void close() {
        container.stop();
        producers.destroy();
    }
}
