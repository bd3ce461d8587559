import { defineErrors } from '../define.ts';
import type { SharedFields } from '../define.ts';
import type { ErrorRecord } from '../record.ts';

const invalidFile: SharedFields = {
  document: 'error-codes',
  section: '400-InvalidFile.NoHuman',
  status: [400],
  nativeCodes: ['InvalidFile.NoHuman'],
  compatibleCodes: [],
  protocols: ['dashscope'],
  area: 'video',
  origin: 'client',
  retryable: { kind: 'never' },
};

/** What the digital human and video models demand of the person in an image or a video. */
const persons = defineErrors(invalidFile, [
  {
    id: 'video-person-missing',
    messages: ['The input image has no human body. Please upload other image with single person.'],
    cause: ['The image shows no person, or no face was found.', '图片中没有人物，或未检测到人脸。'],
    fix: ['Upload a photo of one person.', '上传单人照片。'],
    related: ['video-person-not-single', 'video-person-multiple'],
  },
  {
    id: 'video-person-proportion',
    section: '400-InvalidFile.BodyProportion',
    nativeCodes: ['InvalidFile.BodyProportion'],
    messages: [
      'The proportion of the detected person in the picture is too large or too small, please upload other image.',
    ],
    cause: ['The person fills too much or too little of the image.', '人物在画面中所占比例过大或过小。'],
    fix: [
      'Take an image in which the person has the proportion that the API reference of the model gives.',
      '换用人物占比符合该模型要求的图片。',
    ],
  },
  {
    id: 'video-face-pose-whole',
    section: '400-InvalidFile.FacePose',
    nativeCodes: ['InvalidFile.FacePose'],
    messages: [
      'The pose of the detected face is invalid, please upload other image with whole face and expected orientation.',
    ],
    cause: ['The face is partly hidden or turned too far.', '人脸不完整，或头部偏转过大。'],
    fix: ['Use an image with the whole face, turned to the camera.', '换用人脸完整可见、正对镜头的图片。'],
    related: ['video-face-orientation', 'video-face-incomplete'],
  },
  {
    id: 'video-face-orientation',
    section: '400-InvalidFile.FacePose',
    nativeCodes: ['InvalidFile.FacePose'],
    messages: [
      'The pose of the detected face is invalid, please upload other image with the expected oriention.',
      'The pose of the detected face is invalid, please upload other image with the expected orientation.',
    ],
    cause: ['The face is tilted or turned too far.', '人脸朝向偏移过大。'],
    fix: ['Use an image in which the head is upright and looks straight ahead.', '换用头部端正、无倾斜的图片。'],
    related: ['video-face-pose-whole'],
  },
  {
    id: 'video-face-dark',
    section: '400-InvalidFile.Value',
    nativeCodes: ['InvalidFile.Value'],
    messages: ['The value of the image is invalid, please upload other clearer image.'],
    cause: ['The image is too dark.', '图片过暗。'],
    fix: ['Use a brighter image with a clear face.', '换用光线充足、人脸清晰的图片。'],
  },
  {
    id: 'video-person-front',
    section: '400-InvalidFile.FrontBody',
    nativeCodes: ['InvalidFile.FrontBody'],
    messages: ['The pose of the detected person is invalid, please upload other image with the front view.'],
    cause: ['The person is seen from behind.', '图片中的人物背对镜头。'],
    fix: ['Use an image of the person from the front.', '换用人物正面照。'],
  },
  {
    id: 'video-face-incomplete',
    section: '400-InvalidFile.FullFace',
    nativeCodes: ['InvalidFile.FullFace'],
    messages: ['The pose of the detected face is invalid, please upload other image with whole face.'],
    cause: ['The face is not completely visible.', '人脸不完整或被遮挡。'],
    fix: ['Use an image with the whole face and nothing in front of it.', '换用人脸完整、无遮挡的图片。'],
    related: ['video-face-pose-whole'],
  },
  {
    id: 'video-face-no-match',
    section: '400-InvalidFile.FaceNotMatch',
    nativeCodes: ['InvalidFile.FaceNotMatch'],
    messages: ['There are no matched face in the video with the provided reference image.'],
    cause: [
      'VideoRetalk found no face in the video that is the one of the reference image.',
      'VideoRetalk 未能在视频中找到与参考图匹配的人脸。',
    ],
    fix: [
      'Use a reference image of a person who is seen clearly in the video.',
      '参考图应为视频中清晰出现的同一人物。',
    ],
  },
  {
    id: 'video-first-frame-no-person',
    section: '400-InvalidFile.Content',
    nativeCodes: ['InvalidFile.Content'],
    messages: ['The first frame of input video has no human body. Please choose another clip.'],
    cause: ['Nobody is seen in the first frame of the video.', '视频首帧中没有人物。'],
    fix: ['Cut the video so that it starts with the person.', '裁剪视频，使首帧即有人物。'],
    related: ['video-first-frame-small', 'video-first-frame-unclear'],
  },
  {
    id: 'video-first-frame-small',
    section: '400-InvalidFile.Content',
    nativeCodes: ['InvalidFile.Content'],
    messages: ['The human is too small in the first frame of input video. Please choose another clip.'],
    cause: ['The person is too small in the first frame.', '首帧中的人物占比过小。'],
    fix: ['Choose a clip that starts with the person larger in the picture.', '选择首帧人物占比更大的片段。'],
  },
  {
    id: 'video-first-frame-unclear',
    section: '400-InvalidFile.Content',
    nativeCodes: ['InvalidFile.Content'],
    messages: ['The human is not clear in the first frame of input video. Please choose another clip.'],
    cause: ['The person is blurred in the first frame.', '首帧中的人物不清晰。'],
    fix: ['Choose a clip that starts with a sharp picture of the person.', '选择首帧人物清晰的片段。'],
  },
  {
    id: 'video-person-not-single',
    section: '400-InvalidFile.Content',
    nativeCodes: ['InvalidFile.Content', 'InvalidPerson'],
    messages: [
      'The input image has no human body or multi human bodies. Please upload other image with single person.',
    ],
    cause: ['The image shows nobody, or more than one person.', '图片中没有人物或有多个人物。'],
    fix: ['Upload a photo of exactly one person.', '上传只有一个人物的照片。'],
    alsoIn: [
      {
        document: 'error-codes',
        section: '400-InvalidPerson',
        message:
          'The input image has no human body or multi human bodies. Please upload other image with single person.',
      },
    ],
    related: ['video-person-missing', 'video-person-multiple'],
  },
  {
    id: 'video-person-unclear',
    section: '400-InvalidFile.Content',
    nativeCodes: ['InvalidFile.Content'],
    messages: ['The input image has no human body or has unclear human body. Please upload other image.'],
    cause: ['The person is missing, cut off or not clear.', '图片中的人物缺失、不完整或不清晰。'],
    fix: ['Upload an image with a complete and sharp person.', '上传人物完整且清晰的图片。'],
  },
  {
    id: 'video-person-multiple',
    section: '400-InvalidFile.MultiHuman',
    nativeCodes: ['InvalidFile.MultiHuman', 'InvalidFile.Content'],
    messages: ['The input image has multi human bodies. Please upload other image with single person.'],
    cause: ['The image shows several people.', '图片中有多个人物。'],
    fix: ['Upload a photo of one person, or cut the others off.', '上传单人照片，或裁掉其他人物。'],
    alsoIn: [
      {
        document: 'error-codes',
        section: '400-InvalidFile.Content',
        message: 'The input image has multi human bodies. Please upload other image with single person.',
      },
    ],
    related: ['video-person-not-single'],
  },
  {
    id: 'video-first-frame-full-body',
    section: '400-InvalidFile.FullBody',
    nativeCodes: ['InvalidFile.FullBody'],
    messages: ['The human is not fullbody in the first frame of input video. Please choose another clip.'],
    cause: ['The first frame does not show the whole body.', '视频首帧中的人物不是全身。'],
    fix: ['Choose a clip whose first frame shows the person from head to feet.', '选择首帧中人物全身可见的片段。'],
  },
  {
    id: 'video-person-whole-body',
    section: '400-InvalidFile.FullBody',
    nativeCodes: ['InvalidFile.FullBody'],
    messages: [
      'The pose of the detected person is invalid, please upload other image with whole body, or change the ratio parameter to 1:1。',
    ],
    cause: [
      'The part of the body that the chosen ratio needs is not completely visible.',
      '所选画幅需要的身体部分在图片中不完整。',
    ],
    fix: [
      'For a head shot the whole head, for a half figure everything above the hips has to be seen; or set the ratio to 1:1.',
      '头像需完整露出头部，半身像需完整露出胯部以上；或把画幅比例设为 1:1。',
    ],
    related: ['video-person-pose'],
  },
  {
    id: 'video-person-pose',
    section: '400-InvalidFile.BodyPose',
    nativeCodes: ['InvalidFile.BodyPose'],
    messages: [
      'The pose of the detected person is invalid, please upload other image with whole body and expected orientation.',
    ],
    cause: ['The pose of the person does not suit the model.', '图片中人物的姿态不符合要求。'],
    fix: [
      'Use a single person standing and facing the camera, shoulders and ankles visible, hardly turned.',
      '使用单人站立、面向镜头的图片，肩部与脚踝可见，身体不明显倾斜，不能背对或坐姿。',
    ],
    related: ['video-person-whole-body'],
  },
]);

/** Size, length and format of the files for these models. */
const formats = defineErrors(invalidFile, [
  {
    id: 'image-resolution-sides',
    section: '400-InvalidFile.Resolution',
    nativeCodes: ['InvalidFile.Resolution'],
    area: 'image',
    messages: [
      'The image resolution is invalid, please make sure that the largest length of image is smaller than 7000, and the smallest length of image is larger than 400.',
      'The image resolution is invalid, please make sure that the largest length of image is smaller than 4096, and the smallest length of image is larger than 224.',
      'The image resolution is invalid, please make sure that the largest length of image is smaller than xxx, and the smallest length of image is larger than yyy.',
    ],
    patterns: [
      'The image resolution is invalid, please make sure that the largest length of image is smaller than {max}, and the smallest length of image is larger than {min}.',
    ],
    cause: [
      'A side of the image is longer than {max|the upper limit} or shorter than {min|the lower limit} pixels.',
      '图片边长大于 {max|上限} 像素或小于 {min|下限} 像素。',
    ],
    fix: [
      'Scale it so that the longer side stays below {max|the upper limit} and the shorter one above {min|the lower limit} pixels.',
      '缩放图片，使长边小于 {max|上限} 像素、短边大于 {min|下限} 像素。',
    ],
    related: ['image-resolution-ratio'],
  },
  {
    id: 'image-resolution-ratio',
    section: '400-InvalidFile.Resolution',
    nativeCodes: ['InvalidFile.Resolution'],
    area: 'image',
    messages: [
      'The image resolution is invalid, please make sure that the aspect ratio is smaller than xxx, and largest length of image is smaller than yyy.',
    ],
    patterns: [
      'The image resolution is invalid, please make sure that the aspect ratio is smaller than {ratio}, and largest length of image is smaller than {max}.',
    ],
    cause: [
      'The image is longer than {ratio|the allowed number of} times its width, or a side exceeds {max|the limit} pixels.',
      '图片长宽比不小于 {ratio|上限}，或边长超过 {max|上限} 像素。',
    ],
    fix: [
      'Crop it to a ratio below {ratio|the limit} and scale it below {max|the limit} pixels a side.',
      '裁剪到长宽比小于 {ratio|上限}，并缩放到边长小于 {max|上限} 像素。',
    ],
    related: ['image-resolution-sides'],
  },
  {
    id: 'video-resolution-range',
    section: '400-InvalidFile.Resolution',
    nativeCodes: ['InvalidFile.Resolution'],
    messages: ['Invalid video resolution. The height or width of video must be xxx ~ yyy.'],
    patterns: ['Invalid video resolution. The height or width of video must be {min} ~ {max}.'],
    cause: [
      'Width or height of the video is outside {min|the lower} to {max|the upper limit} pixels.',
      '视频的宽或高不在 {min|下限} 到 {max|上限} 像素之间。',
    ],
    fix: [
      'Scale the video so that both sides lie between {min|the lower} and {max|the upper limit} pixels.',
      '缩放视频，使宽高均在 {min|下限} 到 {max|上限} 像素之间。',
    ],
  },
  {
    id: 'video-frame-rate',
    section: '400-InvalidFile.FPS',
    nativeCodes: ['InvalidFile.FPS'],
    messages: ['Invalid video FPS. The video FPS must be 15 ~ 60.'],
    patterns: ['Invalid video FPS. The video FPS must be {min} ~ {max}.'],
    cause: [
      'The frame rate of the video is outside {min|15} to {max|60} frames per second.',
      '视频帧率不在 {min|15} 到 {max|60} fps 之间。',
    ],
    fix: ['Convert it to a frame rate in this range, for example 25.', '把帧率转换到该范围内，例如 25 fps。'],
  },
  {
    id: 'video-audio-file-size',
    section: '400-InvalidFile.Size',
    nativeCodes: ['InvalidFile.Size'],
    messages: [
      'Invalid file size. The video file size must be less than 200MB, and the audio file size must be less than 15MB.',
    ],
    patterns: [
      'Invalid file size. The video file size must be less than {videoMegabytes}MB, and the audio file size must be less than {audioMegabytes}MB.',
    ],
    cause: [
      'The video has {videoMegabytes|200} MB or more, or the audio {audioMegabytes|15} MB or more.',
      '视频达到或超过 {videoMegabytes|200} MB，或音频达到或超过 {audioMegabytes|15} MB。',
    ],
    fix: ['Compress or cut the files below these sizes.', '压缩或裁剪文件到上述大小以内。'],
    related: ['files-size-limit'],
  },
  {
    id: 'image-file-size',
    section: '400-InvalidFile.Size',
    nativeCodes: ['InvalidFile.Size'],
    area: 'image',
    messages: ['Invalid file size, The image file size must be smaller than 5MB.'],
    patterns: ['Invalid file size, The image file size must be smaller than {megabytes}MB.'],
    cause: ['The image has {megabytes|5} MB or more.', '图片达到或超过 {megabytes|5} MB。'],
    fix: ['Compress it below {megabytes|5} MB.', '把图片压缩到 {megabytes|5} MB 以内。'],
    related: ['files-size-limit'],
  },
  {
    id: 'files-size-limit',
    section: '400-InvalidFile.Size',
    nativeCodes: ['InvalidFile.Size'],
    area: 'files',
    messages: ['Invalid file size. The video/audio/image file size must be less than xxxMB.'],
    patterns: ['Invalid file size. The {kind} file size must be less than {megabytes}MB.'],
    cause: [
      'The {kind|video, audio or image} file is larger than {megabytes|the allowed number of} MB.',
      '{kind|视频、音频或图片}文件超过 {megabytes|规定的} MB。',
    ],
    fix: [
      'Make the file smaller than {megabytes|the allowed number of} MB.',
      '把文件压缩到 {megabytes|规定的} MB 以内。',
    ],
    related: ['video-audio-file-size', 'image-file-size'],
  },
  {
    id: 'files-duration',
    section: '400-InvalidFile.Duration',
    nativeCodes: ['InvalidFile.Duration'],
    area: 'files',
    messages: ['Invalid file duration. The file duration must be xxx s ~ yyy s.'],
    patterns: [
      'Invalid file duration. The file duration must be {min} s ~ {max} s.',
      'Invalid file duration. The file duration must be {min}s ~ {max}s.',
    ],
    cause: [
      'The video or audio does not last between {min|the lower} and {max|the upper limit} seconds.',
      '视频或音频时长不在 {min|下限} 到 {max|上限} 秒之间。',
    ],
    fix: [
      'Cut or extend it to {min|the lower} to {max|the upper limit} seconds.',
      '把时长调整到 {min|下限} 至 {max|上限} 秒。',
    ],
  },
  {
    id: 'files-aspect-ratio',
    section: '400-InvalidFile.AspectRatio',
    nativeCodes: ['InvalidFile.AspectRatio'],
    area: 'files',
    messages: [
      'Invalid file ratio. The file aspect ratio (height/width) must be between 3:1 and 1:3.',
      'Invalid file ratio. The file aspect ratio (height/width) must be between 2.0 and 0.5.',
    ],
    patterns: ['Invalid file ratio. The file aspect ratio (height/width) must be between {highest} and {lowest}.'],
    causes: [
      {
        when: ['The limits are 3:1 and 1:3: a video.', '限制为 3:1 与 1:3：视频文件。'],
        cause: [
          'Height by width of the video is outside {highest|3:1} to {lowest|1:3}.',
          '视频高宽比不在 {highest|3:1} 与 {lowest|1:3} 之间。',
        ],
        fix: ['Crop or pad the video.', '裁剪视频或补边，使其符合比例。'],
        signs: { params: { highest: ['3:1'] } },
      },
      {
        when: ['The limits are 2.0 and 0.5: an image.', '限制为 2.0 与 0.5：图片文件。'],
        cause: [
          'Height by width of the image is outside {highest|2.0} to {lowest|0.5}.',
          '图片高宽比不在 {highest|2.0} 与 {lowest|0.5} 之间。',
        ],
        fix: ['Crop or pad the image.', '裁剪图片或补边，使其符合比例。'],
        signs: { params: { highest: ['2.0', '2'] } },
      },
    ],
  },
  {
    id: 'files-open',
    section: '400-InvalidFile.Openerror',
    nativeCodes: ['InvalidFile.Openerror'],
    area: 'files',
    messages: ['Invalid file, cannot open file as video/audio/image.'],
    patterns: ['Invalid file, cannot open file as {kind}.'],
    cause: [
      'The file cannot be opened as {kind|video, audio or image}: damaged, or of another format.',
      '文件无法作为 {kind|视频、音频或图片} 打开：已损坏或格式不符。',
    ],
    fix: ['Open it locally, convert it and upload it again.', '在本地打开确认，必要时转换格式后重新上传。'],
    related: ['files-format'],
  },
  {
    id: 'video-template-content',
    section: '400-InvalidFile.Template.Content',
    nativeCodes: ['InvalidFile.Template.Content'],
    messages: ['Invalid template content.'],
    cause: [
      'The motion template may not be used by this account, or its content is not suitable.',
      '没有使用该动作模板的权限，或模板内容不符合要求。',
    ],
    fix: ['Check the id, the permissions and the content of the template.', '检查模板 ID、权限与内容。'],
  },
  {
    id: 'files-format',
    section: '400-InvalidFile.Format',
    nativeCodes: ['InvalidFile.Format'],
    area: 'files',
    messages: [
      'Invalid file format,the request file format is one of the following types: MP4, AVI, MOV, MP3, WAV, AAC, JPEG, JPG, PNG, BMP, and WEBP.',
    ],
    patterns: [
      'Invalid file format,the request file format is one of the following types: MP4, AVI, MOV, MP3, WAV, AAC, JPEG, JPG, PNG, BMP, and WEBP.',
      'Invalid file format, the request file format is one of the following types',
      'Invalid file format,the request file format is one of the following types',
    ],
    cause: ['The format of the file is not supported.', '文件格式不受支持。'],
    fix: [
      'Video: mp4, avi, mov. Audio: mp3, wav, aac. Image: jpg, jpeg, png, bmp, webp.',
      '视频使用 mp4、avi、mov；音频使用 mp3、wav、aac；图片使用 jpg、jpeg、png、bmp、webp。',
    ],
    related: ['files-open'],
  },
]);

export const personFilesErrors: readonly ErrorRecord[] = [...persons, ...formats];
