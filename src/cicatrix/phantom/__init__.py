"""Made-up photographs of skin with exactly known truth."""

from cicatrix.phantom.capture import Capture, Pose, capture_preset, pose_preset
from cicatrix.phantom.case import WrittenPhoto, case_scene, write_case
from cicatrix.phantom.rendering import Rendering, render
from cicatrix.phantom.scene import (
    HELD_OUT_LESIONS,
    LESION_KINDS,
    Scene,
    SceneObject,
)
from cicatrix.phantom.truth import ObjectTruth, Truth, truth_displacement

__all__ = [
    "HELD_OUT_LESIONS",
    "LESION_KINDS",
    "Capture",
    "ObjectTruth",
    "Pose",
    "Rendering",
    "Scene",
    "SceneObject",
    "Truth",
    "WrittenPhoto",
    "capture_preset",
    "case_scene",
    "pose_preset",
    "render",
    "truth_displacement",
    "write_case",
]
