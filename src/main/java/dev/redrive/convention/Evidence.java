package dev.redrive.convention;

import dev.redrive.letter.Arrival;
import dev.redrive.letter.Content;
import dev.redrive.letter.Header;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** One arrival with its headers indexed by name, for the conventions to look at. Decodes copies, changes nothing. */
final class Evidence {
    private final Arrival arrival;
    private final Map<String, List<@Nullable Buffer>> byName = new LinkedHashMap<>();

    Evidence(Arrival arrival) {
        this.arrival = arrival;
        for (Header header : arrival.content().headers()) {
            byName.computeIfAbsent(header.name(), name -> new ArrayList<>(1)).add(header.value());
        }
    }

    Arrival arrival() {
        return arrival;
    }

    String topic() {
        return arrival.position().topic();
    }

    /** Whether the topic's name alone hints at failures. */
    boolean isHintedAt() {
        return TopicName.judge(topic(), Set.of()).hints();
    }

    /** As if what an envelope held were the record. */
    Evidence inside(Content content) {
        return new Evidence(new Arrival(arrival.position(), arrival.timestamp(), arrival.timestampType(), content));
    }

    @Nullable
    Buffer key() {
        return arrival.content().key();
    }

    @Nullable
    Buffer value() {
        return arrival.content().value();
    }

    /** Distinct names in order of first appearance. */
    Set<String> names() {
        return byName.keySet();
    }

    /** Whether the header is there, be it with a null value. */
    boolean has(String name) {
        return byName.containsKey(name);
    }

    boolean hasAll(String... names) {
        return List.of(names).stream().allMatch(this::has);
    }

    boolean hasAny(Collection<String> names) {
        return names.stream().anyMatch(this::has);
    }

    /** The last value of each name: for frameworks that replace, and for numbers that count up. Null is no value. */
    Block newest(Collection<String> names) {
        return one(names, (older, newer) -> newer);
    }

    /** The first value of each name: for frameworks whose wire value wins over a computed one. Null is no value. */
    Block oldest(Collection<String> names) {
        return one(names, (older, newer) -> older);
    }

    private Block one(Collection<String> names, BinaryOperator<Buffer> choice) {
        var values = new HashMap<String, @Nullable Buffer>();
        for (String name : names) {
            values(name).stream().filter(Objects::nonNull).reduce(choice).ifPresent(value -> values.put(name, value));
        }
        return new Block(values);
    }

    /**
     * Blocks of a family that is written once a failure, in the order of the record. Where every name occurs equally
     * often the n-th values belong together, in whatever order the names stand; else a block ends where a name
     * repeats or where one of {@code leaders} follows a name that is none.
     */
    List<Block> blocks(Collection<String> names, Set<String> leaders) {
        var counts = names.stream()
                .filter(this::has)
                .map(name -> values(name).size())
                .distinct()
                .toList();
        if (counts.isEmpty()) {
            return List.of();
        }
        return counts.size() == 1 ? inStep(names, counts.get(0)) : split(Set.copyOf(names), leaders);
    }

    private List<Block> inStep(Collection<String> names, int count) {
        var blocks = new ArrayList<Block>(count);
        for (int i = 0; i < count; i++) {
            var values = new HashMap<String, @Nullable Buffer>();
            for (String name : names) {
                if (has(name)) {
                    values.put(name, values(name).get(i));
                }
            }
            blocks.add(new Block(values));
        }
        return blocks;
    }

    private List<Block> split(Set<String> names, Set<String> leaders) {
        var blocks = new ArrayList<Block>();
        var values = new HashMap<String, @Nullable Buffer>();
        for (Header header : arrival.content().headers()) {
            if (!names.contains(header.name())) {
                continue;
            }
            boolean led = leaders.contains(header.name()) && !leaders.containsAll(values.keySet());
            if (led || values.containsKey(header.name())) {
                blocks.add(new Block(values));
                values = new HashMap<>();
            }
            values.put(header.name(), header.value());
        }
        blocks.add(new Block(values));
        return blocks;
    }

    /** Of a name that two families write, the values that stand behind the one's headers and not the other's. */
    List<@Nullable Buffer> behind(String name, Collection<String> family, Collection<String> other) {
        var found = new ArrayList<@Nullable Buffer>();
        boolean ours = false;
        for (Header header : arrival.content().headers()) {
            ours = family.contains(header.name()) || ours && !other.contains(header.name());
            if (ours && header.name().equals(name)) {
                found.add(header.value());
            }
        }
        return found;
    }

    private List<@Nullable Buffer> values(String name) {
        return byName.getOrDefault(name, List.of());
    }

    /** All values of a name in order, empty where it is not on the record. */
    List<@Nullable Buffer> all(String name) {
        return values(name);
    }

    /** Index of the first header with one of the names, or the number of headers where there is none. */
    int firstIndexOf(Set<String> names) {
        List<Header> headers = arrival.content().headers();
        for (int i = 0; i < headers.size(); i++) {
            if (names.contains(headers.get(i).name())) {
                return i;
            }
        }
        return headers.size();
    }

    /** Whether a header with one of the names stands behind the one index and before the other. */
    boolean hasBetween(int after, int before, Set<String> names) {
        return arrival.content().headers().subList(after + 1, Math.max(after + 1, before)).stream()
                .anyMatch(header -> names.contains(header.name()));
    }

    /** Index of the last header with one of the names, or -1. */
    int lastIndexOf(Set<String> names) {
        List<Header> headers = arrival.content().headers();
        for (int i = headers.size() - 1; i >= 0; i--) {
            if (names.contains(headers.get(i).name())) {
                return i;
            }
        }
        return -1;
    }
}
