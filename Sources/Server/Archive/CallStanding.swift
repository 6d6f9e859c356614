internal import Conversation
internal import Core
internal import Foundation

/// How a call stands, by its landmarks.
struct CallStanding: Hashable, Sendable {
  enum Kind: String, Sendable {
    /// Somebody has it now.
    case underWay = "under_way"
    /// It has no line and waits for one.
    case left
    /// Its process is gone and it has no end: the next start of a server, or whoever goes on with it, gives it one.
    case notEnded = "not_ended"
    /// It is over.
    case over
  }

  private(set) var kind: Kind
  /// Until when it can be gone on with, milliseconds since the epoch; nil where nobody can, or nobody knows since when it waits.
  private(set) var until: Int64?
  /// How often lines have joined it since the first.
  let attachments: Int
  /// Why it cannot be gone on with though it was left or has no end; beside `until`: on what that depends.
  private(set) var obstacle: String?

  /// Whether it can be gone on with; nil: nobody was asked who knows (`Continuation`).
  private(set) var canBeGoneOnWith: Bool?

  /// - Parameters:
  ///   - isUnderWay: whether the process that has it lives.
  ///   - now: the wall clock, milliseconds since the epoch.
  init(_ landmarks: [JournalEntry], isUnderWay: Bool, at now: Int64) {
    var kind = Kind.notEnded
    var beganInWriting = false
    var limit: CallInstant?
    var attachments = 0
    for entry in landmarks {
      switch entry.record {
      case .started(let start, _): beganInWriting = start.channel == .chat
      case .event(.attached):
        (kind, limit) = (.notEnded, nil)
        attachments += 1
      case .effect(.suspend(let instant)): (kind, limit) = (.left, instant)
      case .remark(.expired): (kind, limit) = (.over, nil)
      // Its line was told goodbye, and what began in writing outlives its lines.
      case .remark(.abandoned) where beganInWriting: break
      case let record where record.isEnd: if kind != .left { kind = .over }
      default: break
      }
    }
    self.attachments = attachments
    guard kind != .over, let absence = Absence(landmarks) else {
      (self.kind, until, canBeGoneOnWith) = (.over, nil, false)
      return
    }
    if kind == .notEnded, isUnderWay {
      (self.kind, until, canBeGoneOnWith) = (.underWay, nil, false)
      return
    }
    canBeGoneOnWith = kind == .left || beganInWriting ? nil : false
    let left = limit.map { absence.limit(of: $0) } ?? (beganInWriting ? absence.limit : nil)
    let isLate = left.map { now >= $0 } ?? false
    self.kind = kind == .left && isLate ? .over : kind
    until = isLate ? nil : left
  }

  /// The same, as who goes on with it would find it.
  func judged(canBeGoneOnWith: Bool?, until: Int64?, obstacle: String?) -> CallStanding {
    var judged = self
    (judged.canBeGoneOnWith, judged.until, judged.obstacle) = (canBeGoneOnWith, until, obstacle)
    return judged
  }

  /// The same, which nobody can go on with.
  func judged(by obstacle: Continuation.Obstacle) -> CallStanding {
    var judged = self.judged(canBeGoneOnWith: false, until: nil, obstacle: obstacle.words)
    if obstacle.isOver { (judged.kind, judged.obstacle) = (.over, nil) }
    return judged
  }
}
