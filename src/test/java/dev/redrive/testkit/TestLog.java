package dev.redrive.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.Map;
import org.slf4j.Logger;

/**
 * What tests and the processes that they start write into their logs. In Java, because a build starts a hundred and fifty
 * of those, and each of them took a tenth of a second to read the same in XML. Whoever names a {@code
 * logback.configurationFile} gets that.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class TestLog extends ContextAwareBase implements Configurator {

    private static final Map<String, Level> LEVELS = Map.of(
            Logger.ROOT_LOGGER_NAME,
            Level.WARN,
            "dev.redrive",
            Level.INFO,
            // A test that stops its server makes the clients complain; what matters is what the product says about it.
            "org.apache.kafka",
            Level.ERROR,
            // Says with a stack trace that a server which we stopped has stopped; what matters it also throws.
            "io.zonky",
            Level.OFF,
            // The shop fails on purpose; what it says is in its dead letters.
            "org.springframework.kafka",
            Level.OFF,
            "org.apache.kafka.streams",
            Level.OFF);

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty("logback.configurationFile") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{HH:mm:ss.SSS} %-5level [%thread] %logger{20} %msg%n");
        encoder.start();
        var out = new ConsoleAppender<ILoggingEvent>();
        out.setContext(context);
        out.setName("out");
        out.setEncoder(encoder);
        out.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(out);
        LEVELS.forEach((name, level) -> context.getLogger(name).setLevel(level));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
