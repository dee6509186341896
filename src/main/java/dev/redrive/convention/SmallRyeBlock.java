package dev.redrive.convention;

import dev.redrive.letter.Failure;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** The seven headers that both failure strategies write, under different beginnings. */
final class SmallRyeBlock {
    private final String exception;
    private final String reason;
    private final String causeClass;
    private final String cause;
    private final String topic;
    private final String partition;
    private final String offset;

    SmallRyeBlock(String beginning) {
        exception = beginning + "exception-class-name";
        reason = beginning + "reason";
        causeClass = beginning + "cause-class-name";
        cause = beginning + "cause";
        topic = beginning + "topic";
        partition = beginning + "partition";
        offset = beginning + "offset";
    }

    List<String> names() {
        return List.of(exception, reason, causeClass, cause, topic, partition, offset);
    }

    boolean isOn(Evidence evidence) {
        return evidence.hasAny(names());
    }

    /** Oldest first, that is the blocks of the record from the last to the first. */
    List<Hop> hops(Evidence evidence) {
        List<Block> blocks = evidence.blocks(names(), Set.of(exception, reason));
        return IntStream.range(0, blocks.size())
                .mapToObj(i -> hop(blocks.get(blocks.size() - 1 - i)))
                .toList();
    }

    private Hop hop(Block block) {
        return Hop.at(SmallRye.ID, block.topic(topic), block.decimalInt(partition), block.decimal(offset))
                .failed(new Failure(block.word(exception), block.word(causeClass), block.text(reason), null, null))
                .detail("causeMessage", block.text(cause));
    }
}
