import Core

/// What happens when a caller comes back to a conversation that was suspended.
extension EngineStep {
  /// Greets, and puts the open question again. Who was identified on the line before may be somebody else on this one, so
  /// that the level of identity is gone; what was said, filled and chosen stays.
  mutating func returned() {
    forgetIdentity("the caller is back on another line")
    startTurn()
    guard state.waiting.isRest else {
      // An effect is under way: its outcome goes on with the flow.
      speak(BuiltInResponse.welcomeBack, isRequired: false)
      moves.append(.wait(state.waiting))
      return
    }
    push(.conversationResumed)
    run()
  }
}
