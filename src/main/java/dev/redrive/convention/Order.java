package dev.redrive.convention;

import dev.redrive.convention.Trail.Found;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which of several sightings came first and which last, by their oldest or by their newest hops. A hop whose record lay
 * in the topic that another hop wrote to came after it; position among the headers decides where topics do not. What is
 * certain holds through others as well: what came after a third that came after a fourth came after that too. Only of
 * two for which nothing is certain the likelier is taken.
 */
final class Order {
    private final List<Found> found;
    private final boolean newest;
    private final String deadLetterTopic;
    private final boolean[][] after;

    private Order(List<Found> found, boolean newest, String deadLetterTopic) {
        this.found = found;
        this.newest = newest;
        this.deadLetterTopic = deadLetterTopic;
        this.after = new boolean[found.size()][found.size()];
        for (int a = 0; a < found.size(); a++) {
            for (int b = 0; b < found.size(); b++) {
                after[a][b] = a != b && isCertainlyAfter(found.get(a), found.get(b));
            }
        }
        followThrough();
    }

    /** @param found at least one */
    static Order ofOldest(List<Found> found, String deadLetterTopic) {
        return new Order(found, false, deadLetterTopic);
    }

    /** @param found at least one */
    static Order ofNewest(List<Found> found, String deadLetterTopic) {
        return new Order(found, true, deadLetterTopic);
    }

    private void followThrough() {
        for (int through = 0; through < after.length; through++) {
            for (int a = 0; a < after.length; a++) {
                for (int b = 0; b < after.length; b++) {
                    after[a][b] |= after[a][through] && after[through][b];
                }
            }
        }
    }

    Found first() {
        int first = 0;
        for (int other = 1; other < found.size(); other++) {
            first = isAfter(first, other) ? other : first;
        }
        return found.get(first);
    }

    Found last() {
        int last = 0;
        for (int other = 1; other < found.size(); other++) {
            last = isAfter(other, last) ? other : last;
        }
        return found.get(last);
    }

    private boolean isAfter(int a, int b) {
        return after[a][b] != after[b][a] ? after[a][b] : isLikelyAfter(found.get(a), found.get(b));
    }

    private Hop hop(Found one) {
        return newest ? one.sighting().newest() : one.sighting().oldest();
    }

    private boolean isCertainlyAfter(Found a, Found b) {
        if (a.layer() != b.layer()) {
            return a.layer() > b.layer();
        }
        boolean follows = follows(a, b);
        if (follows != follows(b, a)) {
            return follows;
        }
        boolean inOrder = alike(a, b) || a.isMarked() || b.isMarked();
        return inOrder && a.by().keepsOrder() && b.by().keepsOrder() && standsBehind(a, b);
    }

    /**
     * Whether a's hop lay where b wrote to, or came after one of a that did, or did after one of b had written there.
     */
    private boolean follows(Found a, Found b) {
        if (wroteTo(b, hop(b), hop(a).topic())) {
            return true;
        }
        return newest
                ? a.sighting().hops().stream().anyMatch(hop -> isNamedAfter(hop.topic(), hop(b)) || alone(b, hop))
                : b.sighting().hops().stream().anyMatch(hop -> isNamedAfter(hop(a).topic(), hop));
    }

    private boolean alone(Found b, Hop hop) {
        return b.sighting().hops().size() == 1 && wroteTo(b, hop(b), hop.topic());
    }

    private static boolean isNamedAfter(@Nullable String topic, Hop hop) {
        return topic != null && hop.topic() != null && isNameOfItsLetters(topic, hop.topic());
    }

    private boolean isLikelyAfter(Found a, Found b) {
        String x = hop(a).topic();
        String y = hop(b).topic();
        if (x != null && y != null && hints(x) != hints(y)) {
            return hints(x);
        }
        boolean last = wroteTo(a, hop(a), deadLetterTopic);
        if (last != wroteTo(b, hop(b), deadLetterTopic)) {
            return last;
        }
        return alike(a, b) ? standsBehind(a, b) : prependedAfter(a, b);
    }

    private static boolean alike(Found a, Found b) {
        return a.by().prepends() == b.by().prepends();
    }

    /** By position, the newest before the older ones where both prepend. */
    private boolean standsBehind(Found a, Found b) {
        if (a.by().prepends() && b.by().prepends()) {
            return newest ? a.first() < b.first() : a.last() < b.last();
        }
        return newest ? a.ended() > b.ended() : a.begun() > b.begun();
    }

    /** What is prepended after what is appended stands before it; the other way round looks the same. */
    private static boolean prependedAfter(Found a, Found b) {
        return a.by().prepends() ? a.first() < b.first() : b.first() > a.first();
    }

    /** Whether the name is one that a framework gives to the dead letters of the hop's topic. */
    private boolean wroteTo(Found one, Hop hop, @Nullable String topic) {
        if (topic == null) {
            return false;
        }
        if (isNamedAfter(topic, hop)) {
            return true;
        }
        boolean later = hop.topic() != null && isNameOfItsLetters(hop.topic(), topic);
        return one.by().isItsTopic(topic) && !later && !wroteTheLetter(one, topic);
    }

    /** The newest of several hops wrote to the letter's own topic, where that is called so, and an older one to others. */
    private boolean wroteTheLetter(Found one, String otherTopic) {
        return newest
                && one.sighting().hops().size() > 1
                && !otherTopic.equals(deadLetterTopic)
                && one.by().isItsTopic(deadLetterTopic)
                && found.stream()
                        .map(other -> hop(other).topic())
                        .noneMatch(from -> from != null && isNameOfItsLetters(deadLetterTopic, from));
    }

    private static boolean isNameOfItsLetters(String topic, String from) {
        return from.equals(TopicName.judge(topic, Set.of(from)).originTopic())
                || DeadLetterNames.stripped(topic).contains(from);
    }

    private static boolean hints(String topic) {
        return TopicName.judge(topic, Set.of()).hints();
    }
}
