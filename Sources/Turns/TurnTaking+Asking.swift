public import Core

// What hosts ask of the floor, so that every one does the same. Nothing here changes it.

extension TurnTaking {
  /// The words of the open turn so far that were spoken before a segment, and those spoken after it; nil: before the next one.
  ///
  /// - Parameter since: the first voice that was read with the segment: its words are none of these.
  public func openWords(
    around segment: Int?, since: Int? = nil
  ) -> (before: [Sensitive<String>], after: [Sensitive<String>]) {
    let place = place(of: segment)
    let first = since.map { min(place, self.place(of: $0 - 1)) } ?? place
    return (segments[..<first].map(\.text), segments[place...].map(\.text))
  }

  /// Whether the voice that goes on is read as one with those of its turn before it: a number is said with pauses, and what lies
  /// between two of them is often too short to be read alone.
  public var readsVoicesAsOne: Bool {
    guard case .digits = plan.grammar, caller.isSpeaking, let first = caller.firstOfTurn else { return false }
    return first < caller.segment
  }

  /// The timer that ends the open turn when nothing else happens, and when; nil while voice goes on, and when there is no turn.
  public var foreseeable: (timer: TimerID, at: CallInstant)? {
    guard !caller.isSpeaking else { return nil }
    let ends: [TimerID] = [.endOfTurn(turn), .longestTurn(turn), .digits(keys.entry)]
    return ends.compactMap { timer in armed[timer].map { (timer, $0) } }.min { $0.1 < $1.1 }
  }

  /// When a guess at the words of the voice that goes on is due, the last guess having been begun at an instant. Nil when none is
  /// wanted: without voice, and where no words end what the agent says.
  public func partialDue(after last: CallInstant?) -> CallInstant? {
    guard let began = caller.voiceBegan, agent.current != nil, agent.mayBeInterruptedByWords else { return nil }
    return PartialCadence(began: began).due(after: last)
  }

  /// Whether the audio of a segment that has become these words begins the next one: there are none in it, it is more than a
  /// click, and no voice has ended since. Short words that a recogniser cannot read alone it reads with what follows.
  ///
  /// - Parameter length: of its audio, what surrounds the voice included.
  public func takesBack(_ heard: Heard, lasting length: CallSpan) -> Bool {
    guard heard.kind == .empty, let segment = heard.segment, length >= Self.shortestVoice else { return false }
    return segment == caller.segment || (segment == caller.segment - 1 && caller.isSpeaking)
  }

  private static let shortestVoice = CallSpan.milliseconds(700)
}
