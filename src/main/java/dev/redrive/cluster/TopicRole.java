package dev.redrive.cluster;

/** What a topic is there for, as far as its name tells. */
public enum TopicRole {
    ORDINARY,
    /** Records on their way to a second try: what fails for good goes to the dead letters of the topic they came from. */
    RETRY,
    /** Kafka's own, or made and looked after by a framework, such as a changelog of Kafka Streams. */
    INTERNAL
}
