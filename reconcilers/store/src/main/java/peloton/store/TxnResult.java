package peloton.store;

/**
 * What became of a transaction.
 *
 * @param committed whether the guards held and the writes were made
 * @param revision the store's revision after it
 */
public record TxnResult(boolean committed, long revision) {}
