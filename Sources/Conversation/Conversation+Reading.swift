public import Core
public import Dialogue

// What tests and summaries read of a conversation. Nothing here changes what it does, but for `preset`.

extension Conversation {
  /// Slots that hold a value, and which.
  public var slots: [SlotName: SlotValue] { dialogue.slots.mapValues(\.value) }

  /// The state of the dialogue that gives the caller's next words their meaning.
  public var understandingContext: UnderstandingContext { dialogue.understandingContext }

  /// Sets a slot from outside a turn, such as what is known of the caller; nil clears. Unknown slots are ignored.
  public mutating func preset(_ slot: SlotName, _ value: SlotValue?) { dialogue.preset(slot, value) }
}
