package dev.redrive.cluster;

import static dev.redrive.cluster.TopicFinding.advice;
import static dev.redrive.cluster.TopicFinding.refusal;
import static dev.redrive.cluster.TopicFinding.warning;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Kafka's rules for names (its {@code Topic.validate} and the controller's check for collisions), and our advice. */
final class TopicNamePolicy {

    private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
    private static final Pattern SPOKEN = Pattern.compile("[a-z0-9-]+([.][a-z0-9-]+){2,}");
    private static final String NAME = "/name";

    private TopicNamePolicy() {}

    static void judge(TopicPlan plan, TopicSurroundings around, Consumer<TopicFinding> found) {
        var name = plan.name();
        if (!LEGAL.matcher(name).matches() || List.of(".", "..").contains(name)) {
            found.accept(refusal(
                    "name-invalid", NAME, "Kafka takes 1 to 249 of a-z, A-Z, 0-9, dot, underscore and hyphen."));
            return;
        }
        if (around.topics().contains(name)) {
            found.accept(TopicFinding.exists(name));
            return;
        }
        collision(name, around).ifPresent(found);
        if (name.startsWith("__")) {
            found.accept(
                    warning("name-internal", NAME, "Names with two underscores are Kafka's own; tools hide them."));
        } else if (name.contains(".") && name.contains("_")) {
            found.accept(
                    advice("name-mixed", NAME, "Metrics write dots as underscores, so use one of them throughout."));
        }
        if (around.holdsLetters() && !around.isRead()) {
            found.accept(
                    warning(
                            "name-not-read",
                            NAME,
                            "Redrive does not take it for a dead-letter topic by its name; end it in -dlt, or set REDRIVE_TOPICS_INCLUDE."));
        } else if (!around.holdsLetters() && !SPOKEN.matcher(name).matches()) {
            found.accept(advice(
                    "name-style",
                    NAME,
                    "domain.entity.event, such as shop.order.placed, tells everybody whose it is."));
        }
    }

    private static Optional<TopicFinding> collision(String name, TopicSurroundings around) {
        var asMetric = name.replace('.', '_');
        return around.topics().stream()
                .filter(other -> other.replace('.', '_').equals(asMetric))
                .sorted()
                .findFirst()
                .map(other -> refusal(
                        "name-collides",
                        NAME,
                        "Kafka holds it for the same as " + other + ": dots and underscores count as one."));
    }
}
