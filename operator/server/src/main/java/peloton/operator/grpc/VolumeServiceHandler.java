package peloton.operator.grpc;

import io.grpc.stub.StreamObserver;
import peloton.api.v1alpha.volume.svc.VolumeServiceGrpc;
import peloton.api.v1alpha.volume.svc.VolumeSvc.DeleteVolumeRequest;
import peloton.api.v1alpha.volume.svc.VolumeSvc.DeleteVolumeResponse;
import peloton.api.v1alpha.volume.svc.VolumeSvc.GetVolumeRequest;
import peloton.api.v1alpha.volume.svc.VolumeSvc.GetVolumeResponse;
import peloton.api.v1alpha.volume.svc.VolumeSvc.ListVolumesRequest;
import peloton.api.v1alpha.volume.svc.VolumeSvc.ListVolumesResponse;
import peloton.desired.volume.VolumeWriter;
import peloton.operator.read.CurrentView;
import peloton.operator.read.VolumeReader;

/** The persistent volumes of the API. */
final class VolumeServiceHandler extends VolumeServiceGrpc.VolumeServiceImplBase {
  private final Answers answers;
  private final CurrentView view;
  private final VolumeWriter writer;

  VolumeServiceHandler(Answers answers, CurrentView view, VolumeWriter writer) {
    this.answers = answers;
    this.view = view;
    this.writer = writer;
  }

  @Override
  public void listVolumes(
      ListVolumesRequest request, StreamObserver<ListVolumesResponse> observer) {
    answers.now(
        observer,
        () ->
            ListVolumesResponse.newBuilder()
                .putAllVolumes(VolumeReader.ofJob(view.records(), request.getJobId().getValue()))
                .build());
  }

  @Override
  public void getVolume(GetVolumeRequest request, StreamObserver<GetVolumeResponse> observer) {
    answers.now(
        observer,
        () ->
            GetVolumeResponse.newBuilder()
                .setResult(VolumeReader.get(view.records(), request.getVolumeId().getValue()))
                .build());
  }

  @Override
  public void deleteVolume(
      DeleteVolumeRequest request, StreamObserver<DeleteVolumeResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer.delete(request));
  }
}
