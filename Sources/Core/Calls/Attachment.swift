/// A caller's line that joins a conversation which was suspended: another day, another channel or another process.
///
/// What entered with the first line stands in `CallStart`; a conversation counts on in the same instants.
public struct Attachment: Hashable, Sendable {
  /// The connection.
  public let call: CallID
  /// The caller's side of it.
  public let leg: LegID
  /// What kind of line it is.
  public let channel: Channel
  /// The number or address called.
  public let calledAddress: String
  /// The number or address calling.
  public let callerAddress: Sensitive<String>?
  /// Seconds by which the assistant's civil time is ahead of UTC now; it may have changed since the start.
  public let utcOffsetSeconds: Int
  /// The wall clock when it joined, milliseconds since the epoch: from here on it is the conversation's, whatever the clock said
  /// before. Nil in journals that do not say so.
  public let epochMilliseconds: Int64?
  /// Who has the conversation from here on; nil in journals that do not say so.
  public let holder: CallHolder?

  /// A line that joins.
  public init(
    call: CallID, leg: LegID, channel: Channel, calledAddress: String, callerAddress: Sensitive<String>? = nil,
    utcOffsetSeconds: Int, epochMilliseconds: Int64? = nil, holder: CallHolder? = nil
  ) {
    self.call = call
    self.leg = leg
    self.channel = channel
    self.calledAddress = calledAddress
    self.callerAddress = callerAddress
    self.utcOffsetSeconds = utcOffsetSeconds
    self.epochMilliseconds = epochMilliseconds
    self.holder = holder
  }
}
